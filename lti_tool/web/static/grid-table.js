/*
 * Draws the grid: one table, one tab stop. A change touches its own row only; rows are drawn anew
 * only when they come, go or change places. Which cell is active and which are marked is kept here.
 */
(function (grid) {
  "use strict";

  grid.makeTable = function (box, rows, columns) {
    var scroll = box.querySelector("[data-scroll]"), note = box.querySelector("[data-note]");
    var table = document.createElement("table"), head = table.createTHead(), body = document.createElement("tbody");
    var shown = [], view = [], lines = new Map(), picked = new Set();
    var at = { row: null, col: 1 }, anchor = null, marked = [];
    var told = { pick: [], move: [] };
    table.className = "table grid-table";
    table.setAttribute("role", "grid");
    table.setAttribute("aria-multiselectable", "true");
    table.setAttribute("aria-label", "Your provision map");
    table.append(body);
    scroll.append(table);

    function cell(id, col) { var line = lines.get(id); return line ? line.cells[col] : null; }
    function isOpenColumn(col) { return col === shown.length + 1; }
    function field(col) { return col > 0 && col <= shown.length ? shown[col - 1] : null; }

    function drawHead() {
      var line = document.createElement("tr"), sum = 0;
      [{ label: "Row", width: 3 }].concat(shown, [{ label: "Form", width: 4.2 }]).forEach(function (one) {
        var th = document.createElement("th");
        th.scope = "col";
        th.textContent = one.label;
        th.style.width = one.width + "rem";
        if (one.numeric) { th.className = "figure-cell"; }
        sum += one.width;
        line.append(th);
      });
      // A width of its own makes the layout a fixed one, which is what keeps typing quick.
      table.style.width = sum + "rem";
      head.replaceChildren(line);
    }

    function fill(td, row, one) {
      var text = one.own ? row.own[one.field] || "" : row.cells[one.field] || "";
      if (td.textContent !== text) { td.textContent = text; }
      td.title = text.length > 12 ? text : "";
      var wrong = row.refused[one.field] || row.unread[one.field] || row.clashes[one.field];
      var doubt = !wrong && row.doubts.find(function (d) { return d.field === one.field && d.kind !== "gap"; });
      td.classList.toggle("is-wrong", Boolean(wrong));
      td.classList.toggle("is-doubt", Boolean(doubt));
      if (wrong) { td.setAttribute("aria-invalid", "true"); } else { td.removeAttribute("aria-invalid"); }
    }

    function drawRow(id) {
      var row = rows.get(id), line = lines.get(id);
      if (!line) {
        line = document.createElement("tr");
        line.dataset.id = id;
        line.append(document.createElement("td"));
        shown.forEach(function (one) {
          var td = document.createElement(one.field === "name" ? "th" : "td");
          if (one.field === "name") { td.scope = "row"; }
          if (one.numeric) { td.className = "figure-cell"; }
          if (one.own) { td.setAttribute("aria-readonly", "true"); }
          line.append(td);
        });
        var last = document.createElement("td"), link = document.createElement("a");
        link.textContent = "Open";
        link.tabIndex = -1;
        last.append(link);
        line.append(last);
        Array.from(line.cells).forEach(function (td) { td.tabIndex = -1; });
        lines.set(id, line);
      }
      shown.forEach(function (one, place) {
        var td = line.cells[place + 1];
        if (!td.classList.contains("is-editing")) { fill(td, row, one); }
      });
      var open = line.lastElementChild.firstElementChild;
      if (row.isNew) { open.removeAttribute("href"); } else { open.href = box.dataset.rowUrl.replace("ROW", id); }
      open.setAttribute("aria-label", "Open the form of " + (row.cells.name || "this row"));
      line.classList.toggle("is-gone", Boolean(row.gone));
      return line;
    }

    function number(id, place) {
      var first = lines.get(id).cells[0], is = picked.has(id);
      first.textContent = (is ? "✓ " : "") + (place + 1);
      first.setAttribute("aria-label", "Row " + (place + 1) + (is ? ", selected" : ""));
      lines.get(id).setAttribute("aria-selected", String(is));
    }

    function draw(ids) {
      var had = scroll.contains(document.activeElement);
      view = ids;
      Array.from(picked).forEach(function (id) { if (!rows.get(id)) { picked.delete(id); } });
      Array.from(lines.keys()).forEach(function (id) { if (!rows.get(id)) { lines.delete(id); } });
      body.replaceChildren.apply(body, ids.map(drawRow));
      ids.forEach(number);
      if (ids.indexOf(at.row) < 0) { at.row = ids[Math.min(at.place || 0, ids.length - 1)] || null; }
      at.col = Math.min(at.col, shown.length + 1);
      anchor = null;
      mark();
      activate(had);
      told.pick.forEach(function (one) { one(picked); });
    }

    function mark() {
      marked.forEach(function (td) { td.classList.remove("is-marked"); td.removeAttribute("aria-selected"); });
      marked = [];
      if (!anchor) { return; }
      block().ids.forEach(function (id) {
        for (var col = block().from; col <= block().to; col += 1) {
          var td = cell(id, col);
          td.classList.add("is-marked");
          td.setAttribute("aria-selected", "true");
          marked.push(td);
        }
      });
    }
    /* The marked block, or the active cell alone. */
    function block() {
      var start = anchor || at;
      var one = view.indexOf(start.row), two = view.indexOf(at.row);
      return {
        ids: view.slice(Math.min(one, two), Math.max(one, two) + 1),
        from: Math.min(start.col, at.col), to: Math.max(start.col, at.col),
      };
    }

    function tellNote(td) {
      var row = rows.get(at.row), one = field(at.col), said = [];
      if (row && one) {
        if (row.refused[one.field]) { said.push("Not kept: " + row.refused[one.field].sentence); }
        if (row.clashes[one.field]) { said.push("Also changed elsewhere, to “" + row.clashes[one.field].theirs + "”. Choose above."); }
        if (row.unread[one.field]) { said.push(row.unread[one.field]); }
        row.doubts.forEach(function (d) { if (d.field === one.field) { said.push(d.sentence); } });
      }
      note.textContent = said.join(" ");
      note.classList.toggle("trouble", said.length > 0);
      if (said.length) { td.setAttribute("aria-describedby", note.id); }
      told.move.forEach(function (tell) { tell(at); });
    }
    function activate(focus) {
      var old = body.querySelector("[tabindex='0']");
      if (old) { old.tabIndex = -1; old.removeAttribute("aria-describedby"); }
      var td = cell(at.row, at.col);
      if (!td) { return; }
      at.place = view.indexOf(at.row);
      td.tabIndex = 0;
      if (focus) { td.focus({ preventScroll: true }); td.scrollIntoView({ block: "nearest", inline: "nearest" }); }
      tellNote(td);
    }
    function go(row, col, extend) {
      if (!row || !lines.has(row)) { return; }
      if (extend) { anchor = anchor || { row: at.row, col: at.col }; } else { anchor = null; }
      var was = marked.length;
      at.row = row;
      at.col = Math.max(0, Math.min(col, shown.length + 1));
      if (anchor || was) { mark(); }
      activate(true);
    }

    return {
      element: table, body: body, at: at, block: block, cell: cell, field: field, go: go, draw: draw,
      isOpenColumn: isOpenColumn,
      view: function () { return view; },
      columns: function () { return shown; },
      last: function () { return shown.length + 1; },
      on: function (what, one) { told[what].push(one); },
      focus: function () { activate(true); },
      redraw: function (ids) { ids.forEach(function (id) { if (lines.has(id)) { drawRow(id); } }); activate(false); },
      show: function (set) {
        shown = columns.filter(function (one) { return one.sets.indexOf(set) >= 0; });
        lines.clear();
        drawHead();
      },
      picked: picked,
      pick: function (id, is) {
        if (is) { picked.add(id); } else { picked.delete(id); }
        number(id, view.indexOf(id));
        told.pick.forEach(function (one) { one(picked); });
      },
    };
  };
})(window.provisionGrid);
