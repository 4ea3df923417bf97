"use strict";
/* Shows what is alike while somebody types. Without this script the page shows it before it is sent. */
(() => {
  const field = document.querySelector("[data-alike]"), place = document.getElementById("alike");
  if (!field || !place) return;
  let waiting, asked = 0;
  const ask = () => {
    const number = ++asked, request = new XMLHttpRequest();
    if (field.value.trim().length < 4) { place.textContent = ""; return; }
    request.open("GET", field.dataset.alike + "?title=" + encodeURIComponent(field.value));
    request.onload = () => { if (number === asked && request.status === 200) place.innerHTML = request.responseText; };
    request.send();
  };
  field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 500); });
})();
