/*
 * Draws the grid: one table, one tab stop. Only the rows near the part in view are in the page, and
 * the active one, so that typing is as quick in 2,000 rows as in 20; aria-rowindex says where each
 * stands. A change touches its own row only. Which cell is active and which are marked is kept here.
 */
(function (grid) {
  "use strict";
  var AROUND = 25, NEAR = 8;

  grid.makeTable = function (box, rows, columns) {
    var scroll = box.querySelector("[data-scroll]"), note = box.querySelector("[data-note]");
    var table = document.createElement("table"), head = table.createTHead(), body = document.createElement("tbody");
    var shown = [], view = [], places = new Map(), lines = new Map(), picked = new Set();
    var height = 34, from = 0, to = 0;
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
      [{ label: "Row", width: 3.5 }].concat(shown, [{ label: "Form", width: 4.2 }]).forEach(function (one) {
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
        if (one.field === "name") { td.toggleAttribute("aria-label", !row.cells.name); }
        if (one.field === "name" && !row.cells.name) { td.setAttribute("aria-label", "Name not given"); }
      });
      var open = line.lastElementChild.firstElementChild;
      if (row.isNew) { open.removeAttribute("href"); } else { open.href = box.dataset.rowUrl.replace("ROW", id); }
      open.setAttribute("aria-label", "Open the form of " + (row.cells.name || "this row"));
      line.classList.toggle("is-gone", Boolean(row.gone));
      return line;
    }

    function number(id) {
      var line = lines.get(id), place = places.get(id), is = picked.has(id);
      if (!line) { return; }
      line.cells[0].textContent = (is ? "✓ " : "") + (place + 1);
      line.cells[0].setAttribute("aria-label", "Row " + (place + 1) + (is ? ", selected" : ""));
      line.setAttribute("aria-selected", String(is));
      line.setAttribute("aria-rowindex", String(place + 2));
    }

    function space(rowsHigh) {
      var line = document.createElement("tr"), td = document.createElement("td");
      line.className = "grid-space";
      line.setAttribute("aria-hidden", "true");
      td.colSpan = shown.length + 2;
      td.style.height = rowsHigh * height + "px";
      line.append(td);
      return line;
    }
    /* Puts the rows near the part in view into the page; rows that stay are not moved, so that the
       one being typed in keeps its focus. */
    function drawNear() {
      var top = Math.floor(scroll.scrollTop / height), many = Math.ceil(scroll.clientHeight / height) || 20;
      from = Math.max(0, top - AROUND);
      to = Math.min(view.length, top + many + AROUND);
      var wanted = [], active = places.get(at.row), next = 0;
      for (var place = from; place < to; place += 1) { wanted.push(place); }
      if (active < from) { wanted.unshift(active); }
      if (active >= to) { wanted.push(active); }
      var nodes = [];
      wanted.forEach(function (place) {
        if (place > next) { nodes.push(space(place - next)); }
        nodes.push(drawRow(view[place]));
        number(view[place]);
        next = place + 1;
      });
      if (next < view.length) { nodes.push(space(view.length - next)); }
      var keep = new Set(nodes);
      Array.from(body.children).forEach(function (one) { if (!keep.has(one)) { one.remove(); } });
      Array.from(lines.keys()).forEach(function (id) { if (!keep.has(lines.get(id))) { lines.delete(id); } });
      var cursor = body.firstChild;
      nodes.forEach(function (one) {
        if (one === cursor) { cursor = cursor.nextSibling; } else { body.insertBefore(one, cursor); }
      });
    }
    scroll.addEventListener("scroll", function () {
      var top = Math.floor(scroll.scrollTop / height), end = top + Math.ceil(scroll.clientHeight / height);
      if ((from > 0 && top < from + NEAR) || (to < view.length && end > to - NEAR)) {
        drawNear();
        mark();
        activate(false);
      }
    }, { passive: true });

    function draw(ids) {
      var had = scroll.contains(document.activeElement);
      view = ids;
      places = new Map(ids.map(function (id, place) { return [id, place]; }));
      Array.from(picked).forEach(function (id) { if (!rows.get(id)) { picked.delete(id); } });
      if (!places.has(at.row)) { at.row = ids[Math.min(at.place || 0, ids.length - 1)] || null; }
      at.col = Math.min(at.col, shown.length + 1);
      anchor = null;
      table.setAttribute("aria-rowcount", String(ids.length + 1));
      drawNear();
      if (at.row) { height = lines.get(at.row).offsetHeight || height; }
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
          if (!td) { return; }
          td.classList.add("is-marked");
          td.setAttribute("aria-selected", "true");
          marked.push(td);
        }
      });
    }
    /* The marked block, or the active cell alone. */
    function block() {
      var start = anchor || at;
      var one = places.get(start.row), two = places.get(at.row);
      if (one === undefined || two === undefined) { return { ids: [], from: 1, to: 0 }; }
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
      at.place = places.get(at.row);
      td.tabIndex = 0;
      if (focus) { td.focus({ preventScroll: true }); td.scrollIntoView({ block: "nearest", inline: "nearest" }); }
      tellNote(td);
    }
    // A screen reader, or a script of the browser's own, may put the focus on any cell.
    body.addEventListener("focusin", function (event) {
      var td = event.target.closest("td, th"), id = td && td.parentElement.dataset.id;
      if (!id || (id === at.row && td.cellIndex === at.col)) { return; }
      at.row = id;
      at.col = td.cellIndex;
      anchor = null;
      mark();
      activate(false);
    });
    function go(row, col, extend) {
      if (!row || !places.has(row)) { return; }
      if (extend) { anchor = anchor || { row: at.row, col: at.col }; } else { anchor = null; }
      var was = marked.length;
      at.row = row;
      at.col = Math.max(0, Math.min(col, shown.length + 1));
      if (!lines.has(row)) {
        scroll.scrollTop = Math.max(0, places.get(row) * height - scroll.clientHeight / 2);
        drawNear();
      }
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
        body.replaceChildren();
        drawHead();
      },
      picked: picked,
      pick: function (id, is) {
        if (is) { picked.add(id); } else { picked.delete(id); }
        number(id);
        told.pick.forEach(function (one) { one(picked); });
      },
    };
  };
})(window.provisionGrid);
