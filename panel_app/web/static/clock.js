"use strict";
/* Clocks that count down in place.

   They run from the server's time, on a clock that nobody can set: a phone's own time of day may
   be wrong, and may be put right in the middle of a round. That clock stands still while a phone
   sleeps, so every look of a live region says anew what the server's clock shows (live.js).
   Without this script a page shows the time that was left when it was made. */
(() => {
  const FAR_OFF = 2000;
  const known = new WeakSet();
  let ahead = 0;

  const learn = (serverTime) => { ahead = serverTime - performance.now(); };
  const two = (number) => (number < 10 ? "0" : "") + number;

  const show = (clock) => {
    if (!known.has(clock)) {
      known.add(clock);
      learn(+clock.dataset.now);
    }
    const left = Math.max(0, Math.round((clock.dataset.ends - ahead - performance.now()) / 1000));
    clock.textContent = Math.floor(left / 60) + ":" + two(left % 60);
  };
  const showAll = () => Array.from(document.querySelectorAll("[data-ends]")).forEach(show);

  document.addEventListener("servertime", (event) => {
    if (Math.abs(event.detail - ahead - performance.now()) > FAR_OFF) learn(event.detail);
  });
  document.addEventListener("swapped", showAll);
  setInterval(showAll, 1000);
  showAll();
})();
