// "Tick all" in a list of visits; without it one ticks them one by one.
"use strict";
(() => {
  for (const button of document.querySelectorAll("[data-tick-all]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      for (const box of button.form.querySelectorAll("input[type=checkbox]")) box.checked = true;
    });
  }
})();
