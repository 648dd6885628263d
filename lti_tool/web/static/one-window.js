// A form that opens a window opens one: what it sends counts once, and a second press, or the
// second half of a double click, would open another that can only say so.
"use strict";
(() => {
  for (const form of document.querySelectorAll("form[data-one-window]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.oneWindow === "opened") {
        event.preventDefault();
        return;
      }
      form.dataset.oneWindow = "opened";
      form.querySelector("button[type=submit]").setAttribute("aria-disabled", "true");
      const said = document.querySelector("[data-window-opened]");
      if (said) said.textContent = said.dataset.windowOpened;
    });
  }
})();
