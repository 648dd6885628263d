/*
 * Keys and editing in the grid. The field to type into lies over its cell, so that typing never
 * lays the table out anew. Enter goes down, Tab to the right, Esc leaves the cell as it was.
 */
(function (grid) {
  "use strict";
  var LONG = ["aim", "evidence_base", "pupil_view", "parent_view", "notes"];
  var PAGE = 12;

  grid.makeEditing = function (box, rows, table, acts) {
    var open = null;

    function lists(one) {
      if (!one.choices.length) { return null; }
      var id = "grid-choices-" + one.field;
      if (!document.getElementById(id)) {
        var list = document.createElement("datalist");
        list.id = id;
        one.choices.forEach(function (text) {
          var option = document.createElement("option");
          option.value = text;
          list.append(option);
        });
        box.append(list);
      }
      return id;
    }

    function edit(replace) {
      var one = table.field(table.at.col), td = table.cell(table.at.row, table.at.col);
      if (!one || one.own || !td || open) { return; }
      var text = rows.text(table.at.row, one.field);
      var input = document.createElement(LONG.indexOf(one.field) >= 0 ? "textarea" : "input");
      input.className = "grid-input";
      input.maxLength = 2000;
      input.autocomplete = "off";
      input.setAttribute("aria-label", one.label + ", row " + (table.view().indexOf(table.at.row) + 1));
      if (td.getAttribute("aria-describedby")) { input.setAttribute("aria-describedby", "grid-note"); }
      if (lists(one) && input.tagName === "INPUT") { input.setAttribute("list", lists(one)); }
      input.value = replace ? "" : text;
      open = { row: table.at.row, field: one.field, td: td, input: input };
      td.classList.add("is-editing");
      td.append(input);
      input.focus({ preventScroll: true });
      if (!replace) { input.setSelectionRange(input.value.length, input.value.length); }
      input.addEventListener("blur", function () { close(true); });
    }

    function close(keep) {
      if (!open) { return; }
      var was = open;
      open = null;
      was.input.remove();
      was.td.classList.remove("is-editing");
      if (keep) { rows.type([{ row: was.row, field: was.field, to: was.input.value.trim() }]); }
      else { rows.tell(new Set(), false); }
    }

    function down() {
      var view = table.view(), place = view.indexOf(table.at.row);
      if (place === view.length - 1) { acts.add(); } else { table.go(view[place + 1], table.at.col); }
    }
    function across(step) {
      var view = table.view(), place = view.indexOf(table.at.row), col = table.at.col + step;
      if (col > table.last() - 1) { col = 1; place += 1; }
      if (col < 1) { col = table.last() - 1; place -= 1; }
      if (view[place]) { table.go(view[place], col); } else { table.focus(); }
    }

    function whileEditing(event) {
      if (event.isComposing) { return; }
      if (event.key === "Escape") { close(false); table.focus(); }
      else if (event.key === "Enter" && !event.altKey && !event.shiftKey) { close(true); down(); }
      else if (event.key === "Tab") { close(true); across(event.shiftKey ? -1 : 1); }
      else if (event.key === "Enter" && event.altKey && open.input.tagName === "TEXTAREA") {
        open.input.setRangeText("\n", open.input.selectionStart, open.input.selectionEnd, "end");
      } else { event.stopPropagation(); return; }
      event.preventDefault();
      event.stopPropagation();
    }

    function target(key, ctrl) {
      var view = table.view(), place = view.indexOf(table.at.row), col = table.at.col, end = view.length - 1;
      var to = {
        ArrowUp: [ctrl ? 0 : place - 1, col], ArrowDown: [ctrl ? end : place + 1, col],
        ArrowLeft: [place, ctrl ? 0 : col - 1], ArrowRight: [place, ctrl ? table.last() : col + 1],
        Home: [ctrl ? 0 : place, 0], End: [ctrl ? end : place, table.last()],
        PageUp: [Math.max(0, place - PAGE), col], PageDown: [Math.min(end, place + PAGE), col],
      }[key];
      return to && { row: view[to[0]], col: to[1] };
    }

    function shortcut(event) {
      var key = event.key.toLowerCase();
      if (key === "z") { acts[event.shiftKey ? "redo" : "undo"](); return true; }
      if (key === "y") { acts.redo(); return true; }
      if (key === "d") { acts.duplicate(); return true; }
      return false;
    }
    function plain(event) {
      if (event.key === "F2") { edit(false); return true; }
      if (event.key === "Enter") {
        if (table.isOpenColumn(table.at.col)) { table.cell(table.at.row, table.at.col).firstElementChild.click(); }
        else if (table.at.col === 0) { table.pick(table.at.row, !table.picked.has(table.at.row)); }
        else { edit(false); }
        return true;
      }
      if (event.key === "Delete" || event.key === "Backspace") { acts.empty(); return true; }
      if (event.key === " " && (event.shiftKey || table.at.col === 0)) {
        table.pick(table.at.row, !table.picked.has(table.at.row));
        return true;
      }
      if (event.key === "Escape") { table.go(table.at.row, table.at.col); return true; }
      return false;
    }

    table.element.addEventListener("keydown", function (event) {
      if (open) { whileEditing(event); return; }
      var ctrl = event.ctrlKey || event.metaKey, to = target(event.key, ctrl);
      if (to) { table.go(to.row, to.col, event.shiftKey); event.preventDefault(); return; }
      if (ctrl ? shortcut(event) : plain(event)) { event.preventDefault(); return; }
      // The first letter goes into the field by itself, once the field has the focus.
      if (!ctrl && !event.altKey && (event.key.length === 1 || event.key === "Process")) { edit(true); }
    });
    function placeOf(event) {
      var td = event.target.closest("td, th"), line = td && td.parentElement;
      return line && line.dataset.id ? { row: line.dataset.id, col: td.cellIndex } : null;
    }
    table.body.addEventListener("mousedown", function (event) {
      var to = placeOf(event);
      if (!to || event.button || event.target.closest("a, input, textarea")) { return; }
      event.preventDefault();
      close(true);
      table.go(to.row, to.col, event.shiftKey);
      if (to.col === 0) { table.pick(to.row, !table.picked.has(to.row)); }
    });
    table.body.addEventListener("mouseover", function (event) {
      var to = event.buttons === 1 && !open && placeOf(event);
      if (to && (to.row !== table.at.row || to.col !== table.at.col)) { table.go(to.row, to.col, true); }
    });
    table.body.addEventListener("dblclick", function (event) { if (placeOf(event)) { edit(false); } });
    return { edit: edit, close: close, isOpen: function () { return Boolean(open); } };
  };
})(window.provisionGrid);
