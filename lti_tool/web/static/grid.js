/*
 * Starts the grid where there is room for it, in place of the table of rows; without it, on a phone
 * and with ?as=list the table stays. Every change goes through grid-rows.js and is saved by itself.
 */
(function (grid) {
  "use strict";
  var box = document.querySelector("[data-grid]");
  var asList = new URLSearchParams(window.location.search).get("as") === "list";
  if (!box || asList || !window.matchMedia("(min-width: 46rem)").matches) { return; }

  function start(data) {
    var live = box.querySelector("[data-live]"), sets = box.querySelector("[data-sets]");
    var rows = grid.makeRows(), waiting = null, busy = false;
    var table = grid.makeTable(box, rows, data.columns);
    var acts = {}, view = grid.makeView(box, rows, data, table.draw);
    var saving = grid.makeSaving(box, rows, data.revision, answered);
    var listAll = grid.makeLists(box, rows, table, acts);
    var editing = grid.makeEditing(box, rows, table, acts);
    var clipboard = grid.makeClipboard(rows, table, editing, say);

    function say(sentence) { live.textContent = ""; live.textContent = sentence; }
    /* The lists may be long: they are drawn when the page has nothing else to do. */
    function listsLater() {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(listAll, 250);
    }
    function totals(all) {
      Object.keys(all).forEach(function (name) {
        var place = document.querySelector("[data-total='" + name + "']");
        if (place) { place.textContent = all[name]; }
      });
      var sentence = document.querySelector("[data-not-costed] p");
      if (sentence) {
        sentence.textContent = all.not_costed === "0" ? "Every row is in the costs."
          : all.not_costed + " of " + all.rows + " rows not in the costs, because something is not known. The rows say what.";
      }
    }
    function answered(answer) {
      totals(answer.totals);
      listAll();
      var said = answer.said.map(function (one) { return acts.label(one.field) + ": we read this as " + one.said + "."; });
      var wrong = answer.refused.map(function (one) { return acts.label(one.field) + ": " + one.sentence; });
      answer.rows.forEach(function (row) {
        if (!answer.all) { Object.keys(row.unread).forEach(function (field) { wrong.push(acts.label(field) + ": " + row.unread[field]); }); }
      });
      var heard = wrong.concat(said).slice(0, 3).join(" ");
      if (heard) { say(heard); }
      if (said.length && !wrong.length) { box.querySelector("[data-note]").textContent = said.slice(0, 3).join(" "); }
    }

    acts.say = say;
    acts.save = saving.soon;
    acts.label = function (field) {
      var one = data.columns.find(function (column) { return column.field === field; });
      return one ? one.label : field.replace(/_/g, " ");
    };
    acts.showColumn = function (field) {
      if (table.columns().some(function (one) { return one.field === field; })) { return; }
      sets.value = "all";
      change("all");
    };
    acts.undo = function () { say(rows.undo() ? "Undone." : "Nothing to undo."); };
    acts.redo = function () { say(rows.redo() ? "Done again." : "Nothing to do again."); };
    acts.empty = clipboard.empty;
    acts.add = function () {
      var order = rows.order(), id;
      busy = true;
      id = rows.add([{}], order.length ? order[order.length - 1] : null);
      busy = false;
      view.last(id);
      table.draw(view.ids());
      table.go(id, 1);
      say("New row.");
    };
    function chosen() { return table.picked.size ? new Set(table.picked) : new Set([table.at.row]); }
    acts.duplicate = function () {
      var ids = rows.order().filter(function (id) { return chosen().has(id); });
      if (!ids.length) { return; }
      var made = rows.add(ids.map(function (id) { return Object.assign({}, rows.get(id).cells); }), ids[ids.length - 1]);
      table.go(made, table.at.col);
      say(ids.length === 1 ? "Row duplicated." : ids.length + " rows duplicated.");
    };
    acts.remove = function () {
      var ids = chosen();
      rows.remove(ids);
      table.focus();
      say((ids.size === 1 ? "Row removed." : ids.size + " rows removed.") + " Undo brings it back.");
    };
    acts.unpick = function () { Array.from(table.picked).forEach(function (id) { table.pick(id, false); }); };
    acts.list = function () { saving.now(); window.location.search = "?as=list"; };

    function change(set) { table.show(set); table.draw(view.ids()); }

    rows.onChange(function (ids, structure) {
      if (busy) { saving.soon(); return; }
      if (structure) { table.draw(view.ids()); } else { table.redraw(ids); }
      saving.soon();
      listsLater();
    });
    data.sets.forEach(function (one) {
      var option = document.createElement("option");
      option.value = one[0];
      option.textContent = one[1];
      sets.append(option);
    });
    sets.addEventListener("change", function () { change(sets.value); });
    box.addEventListener("click", function (event) {
      var act = event.target.closest("[data-act]");
      if (act) { editing.close(true); acts[act.dataset.act](); }
    });
    grid.makeBulk(box, rows, table, data, acts);
    table.show("basics");
    rows.load(data.rows);
    listAll();
    document.querySelectorAll("[data-list]").forEach(function (one) { one.hidden = true; });
    box.hidden = false;
    grid.rows = rows;
  }

  fetch(box.dataset.gridUrl, { credentials: "same-origin", headers: { "X-Requested-With": "fetch", Accept: "application/json" } })
    .then(function (response) { return response.ok ? response.json() : null; })
    .then(function (data) { if (data) { start(data); } }, function () { /* The table of rows is there. */ });
})(window.provisionGrid);
