"use strict";
/* The purse of a ballot: what is left of the money, and what no longer fits.

   Counted again after every tick, and whenever the page is shown: a browser that goes back puts
   the ticks in by itself. Without this script the page says how much there is, and adding up is
   left to the server. */
(() => {
  const all = (selector, within) => Array.from(within.querySelectorAll(selector));

  /* Pence as the server writes them; it says how this language groups digits. */
  const money = (pence, form) => {
    const { group, first, then, point } = JSON.parse(form.dataset.money);
    const whole = String(Math.floor(pence / 100)), rest = pence % 100;
    const high = whole.slice(0, -first).replace(new RegExp(`\\B(?=(\\d{${then}})+$)`, "g"), group);
    const grouped = (high && high + group) + whole.slice(-first);
    const amount = "£" + grouped + (rest ? point + (rest < 10 ? "0" : "") + rest : "");
    return document.documentElement.dir === "rtl" ? `\u2066${amount}\u2069` : amount;
  };

  const sayWhatNoLongerFits = (box, left, form) => {
    const over = box.checked ? 0 : box.dataset.cost - left;
    box.disabled = over > 0;
    box.closest(".choice").classList[over > 0 ? "add" : "remove"]("off");
    all("[data-over]", box.closest(".project")).forEach((words) => {
      words.hidden = over <= 0;
      words.textContent = over > 0 ? words.dataset.over.replace("{}", money(over, form)) : "";
    });
  };

  const count = (form) => {
    const pot = +form.dataset.purse, boxes = all("[data-cost]", form);
    const chosen = boxes.filter((box) => box.checked);
    const spent = chosen.reduce((sum, box) => sum + +box.dataset.cost, 0), over = spent > pot;
    all("[data-left]", form).forEach((place) => {
      place.textContent = place.dataset[over ? "tooMuch" : "left"].replace("{}", money(Math.abs(pot - spent), form));
    });
    all("[data-chosen]", form).forEach((place) => { place.textContent = chosen.length; });
    all(".meter", form).forEach((meter) => {
      meter.querySelector(".fill").setAttribute("width", Math.min(100, 100 * spent / pot) + "%");
      meter.setAttribute("aria-label", meter.dataset.label.replace("{}", money(spent, form)));
    });
    boxes.forEach((box) => sayWhatNoLongerFits(box, pot - spent, form));
    form.classList.add("counts");
  };
  const countAll = () => all("form[data-purse]", document).forEach(count);

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form && form.dataset.purse) count(form);
  });
  window.addEventListener("pageshow", countAll);
  countAll();
})();
