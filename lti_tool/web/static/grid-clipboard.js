/*
 * Blocks of cells to and from the clipboard, as Excel puts them there: tabs between cells, lines
 * between rows, quotes around what holds either.
 */
(function (grid) {
  "use strict";

  grid.fromClipboard = function (text) {
    var lines = [[]], cell = "", quoted = false, i = 0;
    text = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    for (; i < text.length; i += 1) {
      var sign = text[i];
      if (quoted) {
        if (sign !== '"') { cell += sign; } else if (text[i + 1] === '"') { cell += sign; i += 1; } else { quoted = false; }
      } else if (sign === '"' && cell === "") {
        quoted = true;
      } else if (sign === "\t" || sign === "\n") {
        lines[lines.length - 1].push(cell);
        cell = "";
        if (sign === "\n") { lines.push([]); }
      } else {
        cell += sign;
      }
    }
    lines[lines.length - 1].push(cell);
    return lines;
  };
  grid.toClipboard = function (lines) {
    return lines.map(function (cells) {
      return cells.map(function (text) {
        return /["\t\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
      }).join("\t");
    }).join("\n");
  };

  grid.makeClipboard = function (rows, table, editing, say) {
    function has(event) {
      return !editing.isOpen() && table.element.contains(document.activeElement) && event.clipboardData;
    }
    function fields(block) {
      var list = [];
      for (var col = block.from; col <= block.to; col += 1) { list.push(table.field(col)); }
      return list;
    }
    function textOf(id, one) {
      if (!one) { return ""; }
      return one.own ? rows.get(id).own[one.field] || "" : rows.text(id, one.field);
    }
    function empty() {
      var block = table.block(), list = [];
      block.ids.forEach(function (id) {
        fields(block).forEach(function (one) {
          if (one && !one.own) { list.push({ row: id, field: one.field, to: "" }); }
        });
      });
      rows.type(list);
    }
    function copy(event) {
      if (!has(event)) { return; }
      var block = table.block();
      event.clipboardData.setData("text/plain", grid.toClipboard(block.ids.map(function (id) {
        return fields(block).map(function (one) { return textOf(id, one); });
      })));
      event.preventDefault();
      if (event.type === "cut") { empty(); }
    }
    function paste(event) {
      if (!has(event)) { return; }
      event.preventDefault();
      var lines = grid.fromClipboard(event.clipboardData.getData("text/plain"));
      var block = table.block(), list = [], more = [];
      if (lines.length === 1 && lines[0].length === 1) {
        lines = block.ids.map(function () { return fields(block).map(function () { return lines[0][0]; }); });
      }
      var view = table.view(), first = view.indexOf(block.ids[0]), from = Math.max(1, block.from);
      lines.forEach(function (cells, down) {
        var id = view[first + down], made = {};
        cells.forEach(function (text, across) {
          var one = table.field(from + across);
          if (!one || one.own) { return; }
          if (id) { list.push({ row: id, field: one.field, to: text.trim() }); } else { made[one.field] = text.trim(); }
        });
        if (!id && cells.join("").trim()) { more.push(made); }
      });
      rows.paste(list, more);
      say(lines.length === 1 ? "Pasted." : lines.length + " rows pasted.");
    }
    document.addEventListener("copy", copy);
    document.addEventListener("cut", copy);
    document.addEventListener("paste", paste);
    return { empty: empty };
  };
})(window.provisionGrid);
