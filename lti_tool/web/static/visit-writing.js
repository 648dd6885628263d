// Shows the questions of the way to reflect that is chosen, and the outcomes of the set that is chosen.
// Without it one chooses and presses the button beside them.
"use strict";
(() => {
  for (const form of document.querySelectorAll("form[data-visit-writing]")) {
    for (const button of form.querySelectorAll("[data-show]")) button.parentElement.hidden = true;
    const show = () => {
      const chosen = new FormData(form);
      for (const part of form.querySelectorAll("[data-model]")) part.hidden = part.dataset.model !== chosen.get("model");
      for (const part of form.querySelectorAll("[data-of]")) part.hidden = part.dataset.of !== chosen.get("outcome_set");
    };
    form.addEventListener("change", show);
    window.addEventListener("pageshow", show);
  }
})();
