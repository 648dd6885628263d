/*
 * The rows of the grid as data: what each cell shows, what the server last said (base), what is not
 * saved yet, undo and redo. Knows nothing of the page. grid-saving.js sends what `changes` gives.
 */
window.provisionGrid = {};
(function (grid) {
  "use strict";
  var MOST_STEPS = 200;

  function newId() {
    var bytes = crypto.getRandomValues(new Uint8Array(10));
    return "n" + Array.from(bytes, function (one) { return (one % 36).toString(36); }).join("");
  }

  grid.makeRows = function () {
    var rows = new Map(), order = [], removed = new Map(), moves = [];
    var undo = [], redo = [], told = [];

    function tell(ids, structure) { told.forEach(function (one) { one(ids, structure); }); }
    function text(id, field) { var row = rows.get(id); return (row && row.cells[field]) || ""; }
    function fresh(one) {
      return { id: one.id, cells: Object.assign({}, one.cells), base: one.cells, own: one.own || {},
        unread: one.unread || {}, doubts: one.doubts || [], refused: {}, clashes: {}, isNew: false };
    }

    function put(list, which) {
      var ids = new Set();
      list.forEach(function (one) {
        var row = rows.get(one.row);
        if (!row) { return; }
        row.cells[one.field] = one[which];
        delete row.refused[one.field];
        ids.add(one.row);
      });
      tell(ids, false);
    }
    function insert(list) {
      list.forEach(function (one) {
        var row = fresh({ id: one.id, cells: {} });
        row.cells = Object.assign({}, one.cells);
        var was = removed.get(one.id);
        if (was) { row.base = was; removed.delete(one.id); } else { row.isNew = true; }
        rows.set(one.id, row);
        var at = one.after === null ? 0 : order.indexOf(one.after) + 1;
        order.splice(one.after !== null && at === 0 ? order.length : at, 0, one.id);
      });
      tell(null, true);
    }
    function take(list) {
      list.forEach(function (one) {
        var row = rows.get(one.id);
        if (!row) { return; }
        if (!row.isNew) { removed.set(one.id, row.base); }
        rows.delete(one.id);
        order.splice(order.indexOf(one.id), 1);
      });
      tell(null, true);
    }
    function reorder(ids) {
      order = ids.filter(function (id) { return rows.has(id); });
      moves = order.slice();
      tell(null, true);
    }

    var acts = {
      cells: [function (step) { put(step.list, "to"); }, function (step) { put(step.list, "from"); }],
      add: [function (step) { insert(step.list); }, function (step) { take(step.list); }],
      remove: [function (step) { take(step.list); }, function (step) { insert(step.list); }],
      order: [function (step) { reorder(step.to); }, function (step) { reorder(step.from); }],
      several: [
        function (step) { step.list.forEach(function (one) { acts[one.kind][0](one); }); },
        function (step) { step.list.slice().reverse().forEach(function (one) { acts[one.kind][1](one); }); },
      ],
    };
    function run(step) {
      acts[step.kind][0](step);
      undo.push(step);
      redo = [];
      if (undo.length > MOST_STEPS) { undo.shift(); }
    }

    function cellStep(list) {
      return { kind: "cells", list: list.map(function (one) {
        return { row: one.row, field: one.field, from: text(one.row, one.field), to: one.to };
      }).filter(function (one) { return one.from !== one.to; }) };
    }
    function addStep(list, after) {
      return { kind: "add", list: list.map(function (cells) {
        var one = { id: newId(), cells: cells, after: after };
        after = one.id;
        return one;
      }) };
    }

    function unsent(row) {
      var cells = {}, any = false;
      new Set(Object.keys(row.cells).concat(Object.keys(row.base))).forEach(function (field) {
        var from = row.base[field] || "", to = row.cells[field] || "";
        var refused = row.refused[field];
        if (from === to || row.clashes[field] || (refused && refused.text === to && !refused.clear)) { return; }
        cells[field] = { from: from, to: to };
        if (refused && refused.clear) { cells[field].clear = true; }
        any = true;
      });
      return any ? cells : null;
    }

    return {
      load: function (list) {
        rows = new Map(list.map(function (one) { return [one.id, fresh(one)]; }));
        order = list.map(function (one) { return one.id; });
        tell(null, true);
      },
      onChange: function (one) { told.push(one); },
      order: function () { return order; },
      get: function (id) { return rows.get(id); },
      text: text,
      type: function (list) { var step = cellStep(list); if (step.list.length) { run(step); } },
      add: function (list, after) { var step = addStep(list, after); run(step); return step.list[0].id; },
      paste: function (list, more) {
        var steps = [cellStep(list)];
        if (more.length) { steps.push(addStep(more, order.length ? order[order.length - 1] : null)); }
        run({ kind: "several", list: steps });
      },
      remove: function (ids) {
        run({ kind: "remove", list: order.filter(function (id) { return ids.has(id); }).map(function (id) {
          var at = order.indexOf(id);
          return { id: id, cells: Object.assign({}, rows.get(id).cells), after: at ? order[at - 1] : null };
        }) });
      },
      reorder: function (ids) { run({ kind: "order", from: order.slice(), to: ids }); },
      undo: function () { var step = undo.pop(); if (step) { acts[step.kind][1](step); redo.push(step); } return Boolean(step); },
      redo: function () { var step = redo.pop(); if (step) { acts[step.kind][0](step); undo.push(step); } return Boolean(step); },
      tell: tell,

      /* What is not saved yet, as the server wants it, up to so many changes. */
      changes: function (most) {
        var list = [];
        order.forEach(function (id, at) {
          var row = rows.get(id);
          if (list.length >= most || row.gone) { return; }
          if (row.isNew) {
            var cells = {};
            Object.keys(row.cells).forEach(function (field) {
              if (row.cells[field] && !row.refused[field]) { cells[field] = row.cells[field]; }
            });
            list.push({ kind: "add", row: id, after: at ? order[at - 1] : null, cells: cells });
            return;
          }
          var some = unsent(row);
          if (some) { list.push({ kind: "cells", row: id, cells: some }); }
        });
        removed.forEach(function (was, id) {
          if (list.length < most) { list.push({ kind: "remove", row: id, was: was }); }
        });
        moves.slice(0, Math.max(0, most - list.length)).forEach(function (id) {
          var at = order.indexOf(id);
          if (at >= 0) { list.push({ kind: "move", row: id, after: at ? order[at - 1] : null }); }
        });
        return list;
      },

      /* The server's answer to `sent`: what was typed since stays, all else becomes as it says. */
      accept: function (answer, sent) {
        var typed = new Map(), structure = answer.all;
        sent.forEach(function (change) {
          if (change.kind === "cells") {
            typed.set(change.row, Object.fromEntries(Object.entries(change.cells).map(function (pair) {
              return [pair[0], pair[1].to];
            })));
          } else if (change.kind === "add") {
            typed.set(change.row, change.cells);
          } else if (change.kind === "remove") {
            removed.delete(change.row);
            if (rows.has(change.row)) { rows.get(change.row).isNew = true; }
          } else {
            moves = moves.filter(function (id) { return id !== change.row; });
          }
        });
        answer.rows.forEach(function (one) {
          var row = rows.get(one.id), was = typed.get(one.id) || {};
          if (!row && typed.has(one.id)) {
            removed.set(one.id, one.cells);
            return;
          }
          if (!row) {
            if (removed.has(one.id) && !answer.conflicts.some(function (c) { return c.row === one.id && !c.field; })) { return; }
            rows.set(one.id, fresh(one));
            if (order.indexOf(one.id) < 0) { order.push(one.id); }
            structure = true;
            return;
          }
          var before = row.isNew ? {} : row.base, base = Object.assign({}, one.cells);
          new Set(Object.keys(row.cells).concat(Object.keys(one.cells))).forEach(function (field) {
            /* As it stood when this was sent: else it was typed since, emptied or undone. */
            var then = field in was ? was[field] : before[field] || "";
            if ((row.cells[field] || "") === then) {
              row.cells[field] = one.cells[field] || "";
            } else if (!(field in was)) {
              /* Typed while this was on its way, upon what stood here before: were the base the
                 server's value now, it would be written over unseen. */
              base[field] = before[field] || "";
            }
          });
          row.isNew = false;
          ["own", "unread", "doubts"].forEach(function (part) { row[part] = one[part]; });
          row.base = base;
        });
        typed.forEach(function (cells, id) {
          var row = rows.get(id);
          if (row) { Object.keys(cells).forEach(function (field) { delete row.refused[field]; }); }
        });
        answer.refused.forEach(function (one) {
          var row = rows.get(one.row), was = typed.get(one.row) || {};
          if (!row) { return; }
          var now = was[one.field] || "";
          row.cells[one.field] = now;
          row.refused[one.field] = { text: now, sentence: one.sentence, canClear: one.can_clear };
        });
        answer.conflicts.forEach(function (one) {
          var row = rows.get(one.row);
          if (row && one.field) { row.cells[one.field] = one.mine; row.clashes[one.field] = { theirs: one.theirs }; }
        });
        answer.gone.forEach(function (id) { var row = rows.get(id); if (row) { row.gone = true; } });
        if (answer.all) {
          var there = answer.rows.map(function (one) { return one.id; }), known = new Set(there);
          order.forEach(function (id, at) {
            var row = rows.get(id);
            if (known.has(id)) { return; }
            if (row.isNew || row.gone) {
              there.splice(at ? there.indexOf(order[at - 1]) + 1 : 0, 0, id);
            } else if (unsent(row)) {
              row.gone = true;
              there.push(id);
            } else {
              rows.delete(id);
            }
          });
          order = there.filter(function (id) { return rows.has(id) && !removed.has(id); });
        }
        tell(new Set(answer.rows.map(function (one) { return one.id; }).concat(answer.gone)), structure);
      },
      /* The person's choice where both changed a cell, or where a row is gone. */
      settle: function (id, field, mine) {
        var row = rows.get(id);
        if (field) {
          if (!mine) { row.cells[field] = row.clashes[field].theirs; }
          delete row.clashes[field];
        } else if (mine) {
          row.gone = false;
          row.isNew = true;
        } else {
          rows.delete(id);
          order.splice(order.indexOf(id), 1);
        }
        tell(new Set([id]), !field);
      },
    };
  };
})(window.provisionGrid);
