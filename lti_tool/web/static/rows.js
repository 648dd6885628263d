/*
 * Keyboard help for a table of fields: table[data-rows].
 * Enter goes to the same column of the next row (in place of sending the form by surprise);
 * Ctrl+Enter presses the form's own "add a row" button, [data-add-row]. The form works without this.
 */
(function () {
  "use strict";
  document.querySelectorAll("table[data-rows]").forEach(function (table) {
    table.addEventListener("keydown", function (event) {
      var control = event.target;
      var cell = control.closest("td, th");
      if (event.key !== "Enter" || event.isComposing || !cell) {
        return;
      }
      if (event.ctrlKey || event.metaKey) {
        var add = control.form && control.form.querySelector("[data-add-row]");
        if (add) {
          event.preventDefault();
          add.click();
        }
        return;
      }
      if (!control.matches("input:not([type=submit]):not([type=button]):not([type=checkbox]), select")) {
        return;
      }
      event.preventDefault();
      var row = cell.parentElement.nextElementSibling;
      var below = row && row.cells[cell.cellIndex];
      var next = below && below.querySelector("input, select, textarea");
      if (next) {
        next.focus();
        if (next.select) {
          next.select();
        }
      }
    });
  });
})();
