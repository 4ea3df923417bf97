"use strict";
/* The queue: an answer is kept on this phone until the server has acknowledged it.

      pressed -> waiting -> under way -> received, and gone from this phone
                    ^           |-----> refused, said why, and gone
                    '-----------'       no answer, busy, seat lost, token run out

   1. An answer leaves only because somebody pressed its button. The same press again is no new
      answer.
   2. A question has one answer: a later choice takes the place of one that waits, with a higher
      counter, so that the server knows the later one whatever arrives first.
   3. An answer that waits outlives a reload, a lost seat and an old form token. Any page of the
      same member sends it.
   4. A vote is sent by the page on which it was pressed, and by no other: elsewhere the person is
      told that it waits, and asked whether to send or to drop it. Only the page on which it was
      pressed is left for the receipt.
   5. Where storage is full or forbidden an answer lives as long as its page, which says so.
   6. Whatever this script can't do it leaves to the browser, which sends the form. */
(() => {
  const KEY = "panel-app-queue", PATIENCE = 10000, SLOW = 1500, FIRST = 1000, LONGEST = 30000, GUARD = 8000, READ = 10000;
  const LATER = [408, 425, 429];
  const state = document.querySelector("[data-queue-of]");
  const asking = document.querySelector("[data-vote-waits]");
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const rough = (time) => time * (0.7 + Math.random() * 0.6);

  /* What waits, by the address that takes it. Storage is shared with other pages, so it is read
     anew each time; what it could not take is kept here. */
  const held = {};
  const stored = () => { try { return JSON.parse(localStorage.getItem(KEY)) || {}; } catch (error) { return {}; } };
  const waiting = () => Object.assign(stored(), held);
  const store = (entries) => {
    try {
      if (Object.keys(entries).length) localStorage.setItem(KEY, JSON.stringify(entries));
      else localStorage.removeItem(KEY);
      return true;
    } catch (error) { return false; }
  };
  const drop = (entry) => {
    const entries = stored();
    if (held[entry.action] && held[entry.action].id === entry.id) delete held[entry.action];
    if (!entries[entry.action] || entries[entry.action].id !== entry.id) return;
    delete entries[entry.action];
    store(entries);
  };
  const keep = (entry) => {
    const entries = stored();
    delete held[entry.action];
    entries[entry.action] = entry;
    if (store(entries)) return;
    delete entries[entry.action];
    store(entries);
    held[entry.action] = entry;
  };

  /* What the person is told. A refusal stays until the next press. */
  let refusal = "", refusedAt = 0;
  const say = (name, about) => {
    state.dataset.state = name;
    state.textContent = [refusal, name === "refused" ? "" : state.dataset[name], about].filter(Boolean).join(" ");
  };
  const sayWaiting = (entry) => say(held[entry.action] ? "held" : entry.vote ? "vote" : "saved");
  const reason = (answer) => {
    try {
      const page = new DOMParser().parseFromString(answer.responseText, "text/html");
      return page.querySelector("main .error, main .lead").textContent.trim();
    } catch (error) { return ""; }
  };
  const tell = (name) => {
    const event = document.createEvent("Event");
    event.initEvent(name, false, false);
    document.dispatchEvent(event);
  };
  const formOf = (entry) => all("form[data-queue]").find((form) => form.action === entry.action);
  const mark = (form, entry) => {
    form.dataset.waiting = entry ? "yes" : "";
    if (!entry) return;
    const chosen = (field) => entry.fields.some((pair) => pair[0] === field.name && pair[1] === field.value);
    all("button[name]", form).forEach((button) => button.setAttribute("aria-pressed", chosen(button)));
    all("input[type=radio]", form).forEach((radio) => { radio.checked = chosen(radio); });
  };
  const show = () => {
    const entries = waiting();
    all("form[data-queue=answer]").forEach((form) => {
      const entry = entries[form.action];
      if (entry && isOurs(entry)) mark(form, entry);
    });
    const vote = values(entries).find((entry) => isOurs(entry) && entry.vote && !pressedHere(entry));
    asking.hidden = !vote;
    asking.querySelector("[data-words]").textContent = vote ? vote.words : "";
    asking.vote = vote;
  };

  /* Which entries this page may send. */
  const pressed = {}, counters = {};
  const values = (entries) => Object.keys(entries).map((key) => entries[key]);
  const isOurs = (entry) => entry.of === state.dataset.queueOf;
  const pressedHere = (entry) => pressed[entry.action] === entry.id;
  const next = () => values(waiting()).find((entry) => isOurs(entry) && (!entry.vote || pressedHere(entry)));

  /* Sending, one entry at a time. */
  let underWay = null, wait = FIRST, timer = 0;
  const request = (method, address, done) => {
    const made = new XMLHttpRequest();
    made.open(method, address);
    made.timeout = PATIENCE;
    made.onloadend = () => done(made);
    return made;
  };
  const send = (entry, done) => {
    const post = request("POST", entry.action, done), token = ["csrf_token", state.dataset.token];
    post.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    post.setRequestHeader("X-Queue", entry.id);
    post.send(entry.fields.concat([token]).map((pair) => pair.map(encodeURIComponent).join("=")).join("&"));
  };
  const flush = () => {
    const entry = underWay ? null : next();
    show();
    if (!entry) return;
    clearTimeout(timer);
    const slow = setTimeout(() => sayWaiting(entry), SLOW);
    underWay = entry;
    send(entry, (answer) => {
      underWay = null;
      clearTimeout(slow);
      settle(entry, answer);
      show();
    });
  };

  /* What an answer of the server means. */
  const settle = (entry, answer) => {
    if (answer.getResponseHeader("X-Received")) received(entry, answer);
    else if (answer.getResponseHeader("X-Stale-Form")) renew(entry);
    // A page where an acknowledgement was due: this phone's seat is gone. The answer stays.
    else if (answer.status >= 200 && answer.status < 400) say("away");
    else if (answer.status < 400 || answer.status >= 500 || LATER.indexOf(answer.status) >= 0) later(entry);
    else refused(entry, answer);
  };
  const done = (entry) => {
    const form = formOf(entry);
    drop(entry);
    wait = FIRST;
    if (form && !waiting()[entry.action]) mark(form, null);
    tell("look");
  };
  const received = (entry, answer) => {
    done(entry);
    say("received", entry.about);
    if (!entry.vote) { flush(); return; }
    // Further presses on this page are none, until it is shown again.
    const form = formOf(entry);
    if (form) form.dataset.sent = "yes";
    location.assign(answer.getResponseHeader("X-Next"));
  };
  const refused = (entry, answer) => {
    done(entry);
    refusal = [state.dataset.refused, entry.about, reason(answer)].filter(Boolean).join(" ");
    refusedAt = performance.now();
    say("refused");
    flush();
  };
  const later = (entry) => {
    sayWaiting(entry);
    timer = setTimeout(flush, rough(wait));
    wait = Math.min(LONGEST, wait * 2);
  };
  /* A new form token for an old page; none for an answer of somebody who had this phone before. */
  const renew = (entry) => request("GET", "/my/", (answer) => {
    if (answer.status === 0 || answer.status >= 500) { later(entry); return; }
    const page = new DOMParser().parseFromString(answer.responseText, "text/html");
    const fresh = page.querySelector("[data-queue-of]");
    if (!fresh || fresh.dataset.queueOf !== entry.of) { say("away"); return; }
    state.dataset.token = fresh.dataset.token;
    later(entry);
  }).send();

  /* From a form to an entry. */
  const typed = (form, button) => Array.from(form.elements)
    .filter((field) => field.name && !field.disabled && !/^(button|submit|reset|file)$/.test(field.type))
    .filter((field) => !/^(radio|checkbox)$/.test(field.type) || field.checked)
    .concat(button && button.name ? [button] : [])
    .map((field) => [field.name, field.value])
    .filter((pair) => pair[0] !== "csrf_token" && pair[0] !== "counter");
  const made = (form, fields, before) => {
    const counter = Math.max(+form.elements.counter.value, (before ? before.counter : 0) + 1, (counters[form.action] || 0) + 1);
    counters[form.action] = counter;
    return {
      id: `${Date.now()}-${Math.random()}`, of: state.dataset.queueOf, action: form.action, counter,
      vote: form.dataset.queue === "vote", choice: JSON.stringify(fields),
      about: form.dataset.about || "", words: all("[data-choice] li").map((line) => line.textContent.trim()).join(" · "),
      fields: fields.concat([["counter", String(counter)]]),
    };
  };
  const enqueue = (form, button) => {
    const before = waiting()[form.action], fields = typed(form, button);
    const again = before && pressedHere(before) && before.choice === JSON.stringify(fields);
    const entry = again ? before : made(form, fields, before);
    pressed[form.action] = entry.id;
    if (!again) keep(entry);
    mark(form, entry);
    refusal = "";
    wait = FIRST;
    flush();
  };

  let clicked = null;
  document.addEventListener("click", (event) => { clicked = event.target.closest("button"); }, true);
  const queued = (form, event) => {
    const button = event.submitter || (clicked && clicked.form === form ? clicked : null);
    if (!state || !form.dataset.queue || (button && button.hasAttribute("formaction")) || (!button && form.querySelector("button[name]"))) return false;
    try {
      enqueue(form, button);
      return true;
    } catch (error) {
      if (waiting()[form.action]) drop(waiting()[form.action]);
      return false;
    }
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent || queued(form, event)) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => { form.dataset.sent = ""; }, GUARD);
  });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => { form.dataset.sent = ""; }));
  if (!state) return;

  asking.querySelector("[data-send]").addEventListener("click", () => {
    pressed[asking.vote.action] = asking.vote.id;
    flush();
  });
  asking.querySelector("[data-drop]").addEventListener("click", () => { drop(asking.vote); show(); });
  /* What was said of a part goes with it: what was received when it closes, the rest when another
     is shown; but for a refusal that nobody can have read yet, on a phone that has just woken. */
  const heading = () => document.querySelector("h1") || state;
  const title = () => heading().textContent, part = () => heading().dataset.part + title();
  let shown = title(), said = part();
  document.addEventListener("swapped", () => {
    const gone = title() !== shown;
    if (gone) all("[data-told]").forEach((note) => note.remove());
    const read = performance.now() - refusedAt > READ;
    if ((gone && read && state.dataset.state === "refused") || (part() !== said && state.dataset.state === "received")) { refusal = ""; say(""); }
    shown = title();
    said = part();
    show();
  });
  window.addEventListener("online", flush);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) flush(); });
  flush();
})();
