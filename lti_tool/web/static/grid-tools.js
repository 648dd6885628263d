/*
 * What stands around the grid: find and filters, order, sets of columns, changing several rows at
 * once, what to look at, and the choice where a cell was changed in two places.
 */
(function (grid) {
  "use strict";
  var KINDS = { error: ["danger", "Cannot be"], doubt: ["warning", "Please check"], gap: ["neutral", "Missing"] };
  var MOST_DOUBTS = 40;

  function option(select, value, text) {
    var one = document.createElement("option");
    one.value = value;
    one.textContent = text;
    select.append(one);
  }
  function button(text, act) {
    var one = document.createElement("button");
    one.type = "button";
    one.className = "btn btn-outline-secondary btn-sm";
    one.textContent = text;
    one.addEventListener("click", act);
    return one;
  }

  /* Which rows are to be seen, in which order. Sorting changes the view alone, until it is saved. */
  grid.makeView = function (box, rows, data, draw) {
    var find = box.querySelector("[data-find]"), sort = box.querySelector("[data-sort]");
    var filters = Array.from(box.querySelectorAll("[data-filter]")), keep = box.querySelector("[data-keep-order]");
    var by = new Map(data.columns.map(function (one) { return [one.field, one]; }));
    var timer = null, lasting = new Set();
    filters.forEach(function (select) {
      by.get(select.dataset.filter).choices.forEach(function (text) { option(select, text, text); });
      option(select, "-", "Not stated");
      select.addEventListener("change", again);
    });
    data.columns.forEach(function (one) { option(sort, one.field, one.label); });
    function number(text) { var n = parseFloat(text.replace(/[^0-9.-]/g, "")); return isNaN(n) ? -Infinity : n; }
    function key(one, id) {
      var row = rows.get(id), text = (one.own ? row.own[one.field] : row.cells[one.field]) || "";
      if (/_on$/.test(one.field)) { return text.split("/").reverse().join(""); }
      return one.numeric ? number(text) : text.toLowerCase();
    }
    function ids() {
      var wanted = find.value.trim().toLowerCase();
      var list = rows.order().filter(function (id) {
        var row = rows.get(id);
        if (lasting.has(id)) { return true; }
        return filters.every(function (select) {
          var text = row.cells[select.dataset.filter] || "";
          return !select.value || (select.value === "-" ? !text : text === select.value);
        }) && (!wanted || Object.values(row.cells).join(" ").toLowerCase().indexOf(wanted) >= 0);
      });
      var one = by.get(sort.value);
      keep.hidden = !one;
      if (!one) { return list; }
      var keys = new Map(list.map(function (id) { return [id, key(one, id)]; }));
      return list.sort(function (a, b) { return keys.get(a) < keys.get(b) ? -1 : keys.get(a) > keys.get(b) ? 1 : 0; });
    }
    function again() { lasting.clear(); draw(ids()); }
    find.addEventListener("input", function () { window.clearTimeout(timer); timer = window.setTimeout(again, 150); });
    sort.addEventListener("change", again);
    keep.addEventListener("click", function () {
      var sorted = ids(), inView = new Set(sorted);
      var places = rows.order().map(function (id) { return inView.has(id) ? sorted.shift() : id; });
      sort.value = "";
      rows.reorder(places);
    });
    /* A row just made is seen even where the filter would hide it. */
    return { ids: ids, last: function (id) { lasting.add(id); } };
  };

  grid.makeBulk = function (box, rows, table, data, acts) {
    var form = box.querySelector("[data-bulk]"), what = box.querySelector("[data-bulk-field]");
    var text = box.querySelector("[data-bulk-text]");
    var list = document.createElement("datalist");
    list.id = "grid-bulk-choices";
    form.append(list);
    text.setAttribute("list", list.id);
    data.bulk.forEach(function (field) {
      option(what, field, data.columns.find(function (one) { return one.field === field; }).label);
    });
    function offer() {
      list.replaceChildren();
      data.columns.find(function (one) { return one.field === what.value; }).choices.forEach(function (one) { option(list, one, one); });
    }
    what.addEventListener("change", offer);
    offer();
    table.on("pick", function (picked) {
      form.hidden = !picked.size;
      box.querySelector("[data-picked]").textContent = picked.size === 1 ? "1 row selected:" : picked.size + " rows selected:";
    });
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      rows.type(Array.from(table.picked).map(function (id) { return { row: id, field: what.value, to: text.value.trim() }; }));
      acts.say("Set in " + table.picked.size + " rows.");
    });
  };

  grid.makeLists = function (box, rows, table, acts) {
    var doubts = box.querySelector("[data-doubts]"), clashes = box.querySelector("[data-clashes]");
    function name(row) { return row.cells.name || "Name not given"; }
    function go(id, field) {
      return function () {
        acts.showColumn(field);
        var col = table.columns().findIndex(function (one) { return one.field === field; });
        table.go(id, col < 0 ? 1 : col + 1);
      };
    }
    function line(id, field, kind, sentence) {
      var li = document.createElement("li"), chip = document.createElement("span");
      chip.className = "chip chip-" + KINDS[kind][0];
      chip.textContent = KINDS[kind][1];
      li.append(chip, " ", button(name(rows.get(id)), go(id, field)), " ", sentence);
      return li;
    }
    function listDoubts() {
      var found = { error: [], doubt: [], gap: [] };
      rows.order().forEach(function (id) {
        var row = rows.get(id);
        Object.keys(row.refused).forEach(function (field) {
          var one = row.refused[field], li;
          if ((row.cells[field] || "") !== one.text) { return; }
          li = line(id, field, "error", "Not kept: " + one.sentence + " ");
          if (one.canClear) {
            li.append(button("This is not a child", function () { one.clear = true; acts.save(); }));
          }
          found.error.push(li);
        });
        Object.keys(row.unread).forEach(function (field) {
          found.error.push(line(id, field, "error", row.unread[field]));
        });
        row.doubts.forEach(function (one) {
          if (found[one.kind].length < MOST_DOUBTS) { found[one.kind].push(line(id, one.field, one.kind, one.sentence)); }
          else { found[one.kind].push(null); }
        });
      });
      var all = found.error.concat(found.doubt, found.gap), few = all.filter(Boolean).slice(0, MOST_DOUBTS);
      doubts.hidden = !all.length;
      box.querySelector("[data-doubt-count]").textContent = "To look at: " + all.length + (all.length === 1 ? " thing" : " things")
        + (found.error.length ? ", " + found.error.length + " that cannot be right or read" : "");
      var list = box.querySelector("[data-doubt-list]");
      list.replaceChildren.apply(list, few);
      if (all.length > few.length) {
        var rest = document.createElement("li");
        rest.textContent = "And " + (all.length - few.length) + " more. They show here as you put these right.";
        list.append(rest);
      }
    }
    function settling(id, field, mine) {
      return function () { rows.settle(id, field, mine); acts.save(); table.focus(); };
    }
    function listClashes() {
      var list = [];
      rows.order().forEach(function (id) {
        var row = rows.get(id);
        Object.keys(row.clashes).forEach(function (field) {
          var li = document.createElement("li"), label = acts.label(field);
          li.append(name(row) + ", " + label + ": here “" + (row.cells[field] || "nothing") + "”, elsewhere “"
            + (row.clashes[field].theirs || "nothing") + "”. ",
            button("Keep mine", settling(id, field, true)), " ", button("Take the other", settling(id, field, false)));
          list.push(li);
        });
        if (row.gone) {
          var li = document.createElement("li");
          li.append(name(row) + " was removed elsewhere while you changed it here. ",
            button("Keep the row", settling(id, "", true)), " ", button("Let it go", settling(id, "", false)));
          list.push(li);
        }
      });
      var before = clashes.hidden, ul = box.querySelector("[data-clash-list]");
      clashes.hidden = !list.length;
      ul.replaceChildren.apply(ul, list);
      if (before && list.length) { acts.say("Changed in two places. Choose above the grid which text to keep."); }
    }
    return function () { listDoubts(); listClashes(); };
  };
})(window.provisionGrid);
