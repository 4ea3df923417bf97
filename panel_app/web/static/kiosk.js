"use strict";
/* A kiosk goes back to its start a minute after the last touch, and shows no page from memory. */
(() => {
  const link = document.querySelector("[data-kiosk-leave]"), PATIENCE = 60000;
  if (!link) return;
  const leave = () => location.replace(link.href);
  let idle = setTimeout(leave, PATIENCE);
  const touched = () => { clearTimeout(idle); idle = setTimeout(leave, PATIENCE); };
  ["pointerdown", "keydown", "input", "scroll"].forEach((name) => addEventListener(name, touched));
  addEventListener("pageshow", (event) => { if (event.persisted) leave(); });
})();
