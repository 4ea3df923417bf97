"use strict";
/* Keys that press buttons: each button says its own by data-key. Off until somebody ticks the box,
   which remembers it; never while something is being typed, nor together with another key. */
(() => {
  const label = document.querySelector("[data-keys]"), box = label && label.querySelector("input");
  if (!box) return;
  const kept = (change) => { try { return change(localStorage); } catch (e) { return null; } };
  label.hidden = false;
  box.checked = kept((store) => store.getItem("keys")) === "on";
  box.addEventListener("change", () => kept((store) => store.setItem("keys", box.checked ? "on" : "off")));
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (!box.checked || typing || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    const button = Array.from(document.querySelectorAll("[data-key]")).find((one) => one.dataset.key === event.key || one.dataset.key === event.key.toLowerCase());
    if (button) { event.preventDefault(); button.click(); }
  });
})();
