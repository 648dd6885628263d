/* Attendance by keyboard: P, A and M mark the line in hand and go to the next one; a count says
   how many are left. Without this the same form works by its radio buttons. */
(function () {
  "use strict";
  const form = document.querySelector("[data-attendance]");
  if (!form) return;
  const keys = { p: "present", a: "absent", m: "made_up" };
  const rows = Array.from(form.querySelectorAll("tbody tr"));
  const count = form.querySelector("[data-count]");
  form.querySelector("[data-keys]").hidden = false;

  function say() {
    const left = rows.filter((row) => !row.querySelector("input:checked")).length;
    count.textContent = left ? left + " of " + rows.length + " not marked yet." : "Everybody is marked.";
  }

  function focusOn(row) {
    if (row) (row.querySelector("input:checked") || row.querySelector("input")).focus();
  }

  form.addEventListener("keydown", (event) => {
    const row = event.target.closest("tbody tr");
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = rows.indexOf(row);
    const mark = keys[event.key.toLowerCase()];
    if (mark) {
      row.querySelector("input[value=" + mark + "]").checked = true;
      say();
      focusOn(rows[at + 1] || row);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      focusOn(rows[at + (event.key === "ArrowDown" ? 1 : -1)]);
    } else {
      return;
    }
    event.preventDefault();
  });
  form.querySelector("[data-all-present]").addEventListener("click", (event) => {
    event.preventDefault();
    rows.forEach((row) => {
      if (!row.querySelector("input:checked")) row.querySelector("input[value=present]").checked = true;
    });
    say();
  });
  form.addEventListener("change", say);
  say();
})();
