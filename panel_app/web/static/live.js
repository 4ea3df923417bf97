"use strict";
/* A live region: a part of the page that follows its session.

   1. The stream says only that something changed; what the page shows is always fetched whole, so
      a lost or doubled hint does no harm.
   2. A look that fails is tried again in seconds; a silent stream is opened again, and meanwhile
      the page looks every few seconds.
   3. A change waits for a text that is being typed, and for nothing else. What was typed or ticked
      for a question that has gone is said to be unsent.
   4. "Refresh" stays on the page until the region really follows.
   5. While a job works for the page (`data-working`), which may be in no place to give a hint, the
      page looks every few seconds. */
(() => {
  const SILENCE = 25000, PATIENCE = 10000, AGAIN = 2000, SLOW = 4000, LONGEST = 30000;
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const rough = (time) => time * (0.7 + Math.random() * 0.6);
  const tell = (name, detail) => {
    const event = document.createEvent("CustomEvent");
    event.initCustomEvent(name, false, false, detail);
    document.dispatchEvent(event);
  };

  /* Whether there is a connection, in the person's language. */
  const connection = document.querySelector("[data-offline]");
  const lost = (is) => { if (connection) connection.textContent = is ? connection.dataset.offline : ""; };
  const get = (address, headers, done) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.timeout = PATIENCE;
    Object.keys(headers).forEach((name) => request.setRequestHeader(name, headers[name]));
    request.onloadend = () => { lost(request.status === 0); done(request); };
    request.send();
  };
  const probe = () => get("/health", {}, (answer) => { if (answer.status === 0) setTimeout(probe, rough(SLOW)); });

  /* What a person has done to a field since the page showed it. */
  const ticks = (field) => field.type === "radio" || field.type === "checkbox";
  const writes = (field) => field && !ticks(field) && "defaultValue" in field && field.type !== "hidden";
  const touched = (field) => field.hasAttribute("data-typed") || (ticks(field) ? field.checked !== field.defaultChecked
    : writes(field) && field.value !== field.defaultValue);
  const nameOf = (element) => element.id || [element.form && element.form.getAttribute("action"),
    element.name || element.getAttribute("href"), ticks(element) || element.type === "submit" ? element.value : ""].join(" ");
  const wordsOf = (field) => (ticks(field) ? field.checked && (field.closest("label") || field).textContent.trim() : field.value);

  const sayUnsent = (region, lostFields) => {
    const place = region.parentNode.querySelector("[data-unsent]");
    const words = lostFields.filter((field) => !(field.form && field.form.dataset.waiting)).map(wordsOf).filter(Boolean);
    if (place && words.length) place.textContent = place.dataset.unsent.replace("{}", words.join(" · "));
  };
  const sayHeading = (region, before) => {
    const heading = region.querySelector("h1, h2"), now = heading && heading.textContent.trim();
    if (!now || now === before) return;
    if (heading.tagName === "H1") document.title = document.title.replace(/^.*? – /, () => now + " – ");
    region.parentNode.querySelector("[data-said]").textContent = now;
  };

  /* Put new content into the region; what is typed, open and in focus stays so. */
  const swap = (region, html) => {
    const made = document.createElement("template"), fresh = {};
    made.innerHTML = html;
    all("input, textarea, select, button, a", made.content).forEach((one) => { fresh[nameOf(one)] = one; });
    const active = region.contains(document.activeElement) ? document.activeElement : null;
    const twin = active && fresh[nameOf(active)];
    region.held = writes(active) && touched(active) && !twin ? html : null;
    if (region.held) return;

    const heading = region.querySelector("h1, h2"), before = heading && heading.textContent.trim();
    const from = active && active.selectionStart, to = active && active.selectionEnd;
    const kept = all("input, textarea", region).filter(touched), open = all("details[open][id]", region);
    kept.filter((field) => fresh[nameOf(field)]).forEach((field) => {
      fresh[nameOf(field)].value = field.value;
      fresh[nameOf(field)].checked = field.checked;
    });
    sayUnsent(region, kept.filter((field) => !fresh[nameOf(field)]));
    region.textContent = "";
    region.appendChild(made.content);
    open.forEach((one) => { const again = document.getElementById(one.id); if (again) again.setAttribute("open", ""); });
    if (twin) twin.focus({ preventScroll: true });
    if (writes(twin) && from !== null && twin.setSelectionRange) twin.setSelectionRange(from, to);
    sayHeading(region, before);
    tell("swapped");
  };

  const follow = (region) => {
    let ticket = region.dataset.ticket, version = region.dataset.version;
    let etag, source, looking = false, again = false, reopen = false, retry, polling, working, failures = 0, beats = 0, heard = performance.now();
    const streams = () => Boolean(source) && source.readyState === 1;

    const take = (answer) => {
      if (answer.status === 0 || answer.status >= 500) {
        clearTimeout(retry);
        retry = setTimeout(look, rough(AGAIN));
        return;
      }
      const time = Date.parse(answer.getResponseHeader("Date"));
      if (time) tell("servertime", time);
      const shown = answer.getResponseHeader("X-Live-Version");
      // Somebody else's page: the seat has moved, or the person was signed out.
      if (answer.status === 200 && shown === null) { location.reload(); return; }
      version = shown || version;
      ticket = answer.getResponseHeader("X-Live-Ticket") || ticket;
      if (answer.status !== 200) return;
      etag = answer.getResponseHeader("ETag");
      swap(region, answer.responseText);
    };
    const look = () => {
      again = looking;
      if (looking) return;
      looking = true;
      const headers = etag ? { "If-None-Match": etag } : {};
      if (!streams()) headers["X-Live-Slow"] = "1";
      get(region.dataset.live, headers, (answer) => {
        looking = false;
        take(answer);
        awaitJob();
        if (reopen) listen();
        if (again) look();
      });
    };
    const awaitJob = () => {
      clearTimeout(working);
      if (region.querySelector("[data-working]")) working = setTimeout(look, rough(SLOW));
    };
    const poll = () => { clearTimeout(polling); polling = setTimeout(() => { look(); poll(); }, rough(SLOW)); };

    const opened = () => {
      heard = performance.now();
      clearTimeout(polling);
      if (failures) look();
      failures = 0;
    };
    const hear = (event) => {
      heard = performance.now();
      const [number, spread] = event.data.split(" ").map(Number);
      if (!number || number > version) setTimeout(look, Math.random() * spread);
    };
    const broken = () => {
      source.close();
      failures += 1;
      if (failures === 2) poll();
      setTimeout(() => { reopen = true; look(); }, rough(Math.min(LONGEST, 1000 * Math.pow(2, failures - 1))));
    };
    const listen = () => {
      if (!window.EventSource) { poll(); return; }
      heard = performance.now();
      reopen = false;
      source = new EventSource("/live/stream?ticket=" + encodeURIComponent(ticket));
      source.onopen = opened;
      source.onmessage = hear;
      source.onerror = broken;
      source.addEventListener("beat", () => { heard = performance.now(); beats += 1; if (beats % 4 === 0) look(); });
      source.addEventListener("crowded", () => { source.close(); poll(); });
    };

    setInterval(() => { if (streams() && performance.now() - heard > SILENCE) broken(); }, 5000);
    region.addEventListener("blur", () => { if (region.held) setTimeout(() => { if (region.held) swap(region, region.held); }); }, true);
    document.addEventListener("look", look);
    window.addEventListener("online", look);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
    listen();
    awaitJob();
    all("[data-refresh]").forEach((link) => { link.hidden = true; });
  };

  window.addEventListener("offline", probe);
  document.addEventListener("submit", () => all("[data-unsent]").forEach((place) => { place.textContent = ""; }));
  all("[data-live]").forEach(follow);
  if (navigator.onLine === false) probe();
})();
