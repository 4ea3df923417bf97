"use strict";
(() => {
  const each = (selector, action, within = document) => within.querySelectorAll(selector).forEach(action);
  const rough = (ms) => ms * (0.7 + Math.random() * 0.6);

  /* Clocks: counted down from the server's time, so that a phone's wrong clock does no harm. */
  const clock = (shown) => {
    shown.ends ??= Date.now() + (shown.dataset.ends - shown.dataset.now);
    const left = Math.max(0, Math.round((shown.ends - Date.now()) / 1000));
    shown.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    shown.toggleAttribute("data-over", !left);
  };
  const clocks = () => each("[data-ends]", clock);
  setInterval(clocks, 1000);

  /* The purse of a ballot: what is left, and what no longer fits. */
  const pounds = (pence) => "£" + new Intl.NumberFormat(document.documentElement.lang + "-u-nu-latn",
    { minimumFractionDigits: pence % 100 ? 2 : 0, maximumFractionDigits: 2 }).format(pence / 100);
  const count = (form) => {
    const purse = +form.dataset.purse, boxes = [...form.querySelectorAll("[data-cost]")];
    const chosen = boxes.filter((box) => box.checked);
    const spent = chosen.reduce((sum, box) => sum + +box.dataset.cost, 0), left = purse - spent;
    each("[data-left]", (e) => { e.textContent = pounds(left); }, form);
    each("[data-chosen]", (e) => { e.textContent = chosen.length; }, form);
    const share = Math.min(100, 100 * spent / purse) + "%";
    each(".meter .fill", (e) => e.setAttribute("width", share), form);
    each(".meter[data-label]", (e) => e.setAttribute("aria-label", e.dataset.label.replace("{}", pounds(spent))), form);
    boxes.forEach((box) => {
      const over = box.checked ? 0 : box.dataset.cost - left, place = box.closest(".project, .choice");
      box.disabled = over > 0;
      place?.classList.toggle("off", over > 0);
      each("[data-over]", (e) => { e.hidden = over <= 0; e.textContent = e.dataset.over.replace("{}", pounds(over)); }, place || box);
    });
  };

  const ready = (within) => { clocks(); each("form[data-purse]", count, within); };
  document.addEventListener("change", (e) => { const form = e.target.closest("form[data-purse]"); if (form) count(form); });

  /* A live region: swapped when its topic changes, without taking what a person is typing. */
  const path = (field) => `${field.form?.getAttribute("action")} ${field.name || field.getAttribute("href")} ${["radio", "checkbox"].includes(field.type) ? field.value : ""}`;
  const touched = (field) => (field.type === "radio" || field.type === "checkbox")
    ? field.checked !== field.defaultChecked : "defaultValue" in field && field.type !== "hidden" && field.value !== field.defaultValue;
  const swap = (region, html) => {
    const made = document.createElement("template");
    made.innerHTML = html;
    const fresh = new Map();
    each("input, textarea, select, button, a", (f) => fresh.set(f.id || path(f), f), made.content);
    const kept = [...region.querySelectorAll("input, textarea")].filter(touched);
    const active = region.contains(document.activeElement) ? document.activeElement : null;
    const typing = active && touched(active) && !fresh.has(active.id || path(active));
    if (typing) { active.addEventListener("blur", () => swap(region, html), { once: true }); return; }
    const place = active && [active.id || path(active), active.selectionStart, active.selectionEnd];
    const heading = region.querySelector("h1, h2")?.textContent;
    kept.forEach((field) => {
      const twin = fresh.get(field.id || path(field));
      if (twin) { twin.value = field.value; twin.checked = field.checked; }
    });
    const open = [...region.querySelectorAll("details[open][id]")].map((d) => d.id);
    region.replaceChildren(made.content);
    open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    const again = place && fresh.get(place[0]);
    if (again) { again.focus({ preventScroll: true }); if (place[1] != null && again.setSelectionRange) again.setSelectionRange(place[1], place[2]); }
    const now = region.querySelector("h1, h2")?.textContent;
    if (now && now !== heading) {
      if (region.querySelector("h1")) document.title = document.title.replace(/^.*? – /, now.trim() + " – ");
      region.parentNode.querySelector("[data-said]").textContent = now;
    }
    ready(region);
  };

  const regions = [];
  const follow = (region) => {
    let { ticket, version } = region.dataset, etag, source, poll, failures = 0, heard = Date.now(), looking, beats = 0;
    const look = async () => {
      if (looking) { looking = 2; return; }
      looking = 1;
      try {
        const headers = etag ? { "If-None-Match": etag } : {};
        if (source?.readyState !== 1) headers["X-Live-Slow"] = "1";
        const answer = await fetch(region.dataset.live, { headers, cache: "no-store", signal: AbortSignal.timeout(10000) });
        if (answer.redirected) { location.reload(); return; }
        ticket = answer.headers.get("X-Live-Ticket") || ticket;
        version = answer.headers.get("X-Live-Version") || version;
        if (answer.ok) { etag = answer.headers.get("ETag"); swap(region, await answer.text()); }
      } catch { /* the next look tries again */ } finally {
        const again = looking === 2;
        looking = 0;
        if (again) look();
      }
    };
    const slow = () => { clearTimeout(poll); poll = setTimeout(() => { look(); slow(); }, rough(4000)); };
    const quick = () => { clearTimeout(poll); poll = 0; failures = 0; };
    const open = () => {
      source?.close();
      heard = Date.now();
      source = new EventSource("/live/stream?ticket=" + encodeURIComponent(ticket));
      source.onopen = () => { heard = Date.now(); if (failures) look(); quick(); };
      source.addEventListener("beat", () => { heard = Date.now(); if (++beats % 4 === 0) look(); });
      source.addEventListener("crowded", () => { source.close(); source = null; slow(); });
      source.onmessage = (event) => {
        heard = Date.now();
        const [number, spread] = event.data.split(" ").map(Number);
        if (!number || number > version) setTimeout(look, Math.random() * spread);
      };
      source.onerror = () => {
        source.close();
        if (++failures >= 2 && !poll) slow();
        setTimeout(async () => { await look(); open(); }, rough(Math.min(30000, 1000 * 2 ** (failures - 1))));
      };
    };
    setInterval(() => { if (source?.readyState === 1 && Date.now() - heard > 25000) source.onerror(); }, 5000);
    open();
    regions.push({ look, swap: (html) => swap(region, html) });
  };
  const lookAll = () => regions.forEach((region) => region.look());

  /* The queue: an answer is kept on the phone until the server has acknowledged it. */
  const said = document.querySelector("[data-queue-of]"), KEY = "panel-app-queue";
  const read = () => { try { return JSON.parse(localStorage.getItem(KEY)) || {}; } catch { return {}; } };
  const write = (queue) => { try { localStorage.setItem(KEY, JSON.stringify(queue)); } catch { /* full or forbidden: sent all the same */ } return queue; };
  const say = (state, more = "") => { said.dataset.state = state; said.textContent = [said.dataset[state], more].join(" ").trim(); };
  let waiting = read(), sending = false, wait = 1000, timer;
  const reason = (html) => new DOMParser().parseFromString(html, "text/html").querySelector("main .lead, main .error")?.textContent || "";
  const send = async (entry) => {
    const body = new URLSearchParams(entry.fields);
    body.set("csrf_token", said.dataset.token);
    const answer = await fetch(entry.action, { method: "POST", body, headers: { "X-Queue": entry.id }, signal: AbortSignal.timeout(10000) });
    if (answer.headers.has("X-Received")) return "received";
    if (answer.redirected) { location = answer.url; return "moved"; }
    if (answer.status < 500 && ![400, 408, 429].includes(answer.status)) { say("refused", reason(await answer.text())); return "refused"; }
    throw answer;
  };
  const flush = async () => {
    if (!said || sending) return;
    sending = true;
    clearTimeout(timer);
    try {
      for (const [key, entry] of Object.entries(waiting)) {
        if (entry.of !== said.dataset.queueOf) continue;
        const state = await send(entry);
        if (waiting[key]?.id === entry.id) delete waiting[key];
        write(waiting);
        if (state === "received") say("received");
        wait = 1000;
        lookAll();
      }
    } catch {
      say("saved");
      timer = setTimeout(flush, rough(wait));
      wait = Math.min(30000, wait * 2);
    }
    sending = false;
    if (!timer && Object.values(waiting).some((entry) => entry.of === said.dataset.queueOf)) flush();
    timer = 0;
  };
  const enqueue = (form, button) => {
    const fields = [...new FormData(form)].filter(([name]) => name !== "csrf_token");
    if (button?.name) fields.push([button.name, button.value]);
    const counter = Math.max(+form.elements.counter?.value || 1, (waiting[form.action]?.counter || 0) + 1);
    const entry = { id: crypto.randomUUID?.() || `${Date.now()}-${Math.random()}`, of: said.dataset.queueOf, action: form.action, counter,
      fields: fields.map(([name, value]) => [name, name === "counter" ? String(counter) : value]) };
    waiting = write({ ...waiting, [form.action]: entry });
    each("button[aria-pressed]", (b) => b.setAttribute("aria-pressed", b === button), form);
    say(navigator.onLine ? "" : "saved");
    wait = 1000;
    flush();
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (said && form.matches("[data-queue]")) { event.preventDefault(); enqueue(form, event.submitter); return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => each("button", (b) => b.setAttribute("aria-disabled", "true"), form));
    setTimeout(() => { delete form.dataset.sent; each("button", (b) => b.removeAttribute("aria-disabled"), form); }, 8000);
  });
  addEventListener("pageshow", () => each("form[data-sent]", (form) => { delete form.dataset.sent; }));
  addEventListener("online", () => { lookAll(); flush(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { lookAll(); flush(); } });

  each("[data-live]", follow);
  ready(document);
  flush();
})();
