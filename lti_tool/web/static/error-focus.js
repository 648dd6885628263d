/*
 * Takes the reader to what matters when a page arrives: the list of errors, else the notice.
 * A link in the list goes to its field and shows the label as well, not the control alone.
 */
(function () {
  "use strict";
  var summary = document.querySelector("[data-error-summary]");
  var first = summary || document.querySelector("[data-notices]");
  // Not away from where somebody types already, if this script was slow to come.
  if (first && document.activeElement === document.body) {
    first.focus();
  }
  if (!summary) {
    return;
  }
  summary.addEventListener("click", function (event) {
    var link = event.target.closest("a[href^='#']");
    var target = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!target) {
      return;
    }
    event.preventDefault();
    // A fieldset cannot take focus: its first control can.
    var control = target.matches("fieldset") ? target.querySelector("input, select, textarea") : target;
    var field = target.closest(".field") || target;
    field.scrollIntoView({ block: "start" });
    (control || target).focus({ preventScroll: true });
  });
})();
