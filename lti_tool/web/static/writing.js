/*
 * Help for long writing in form[data-writing]: tools above each text area, what is pasted from Word made
 * into the light markup, a look at the result, words counted, and notices where a field was held back.
 * Everything is a text area underneath: without this script one types the signs and presses Save.
 */
(function () {
  "use strict";
  var LARGEST_PASTE = 1000000;

  // As count_words in written/prose.py counts: runs between gaps that hold a letter or a digit.
  function countWords(text) {
    var plain = text.replace(/^[ \t>]*\d{1,9}[.)](?=[ \t])/gm, " ");
    return plain.split(/[\s\u001c-\u001f\u0085]+/).filter(function (run) {
      return /[\p{L}\p{N}]/u.test(run);
    }).length;
  }
  window.countWords = countWords;

  function number(value) { return value.toLocaleString("en-GB"); }

  function said(count, data) {
    var most = Number(data.most || 0), least = Number(data.least || 0);
    var text = most ? number(count) + " of " + number(most) + " words" : number(count) + (count === 1 ? " word" : " words");
    if (most && count > most) { return text + ": " + number(count - most) + " too many"; }
    if (least && count < least) { return text + "; at least " + number(least) + " are asked for"; }
    return text;
  }

  function count(form) {
    var whole = form.querySelector("[data-words-in-all]");
    var sum = whole ? Number(whole.dataset.base) : 0;
    form.querySelectorAll("textarea[data-counted]").forEach(function (area) {
      var words = countWords(area.value), line = document.getElementById(area.id + "-words");
      sum += words;
      line.textContent = said(words, line.dataset);
      line.classList.toggle("trouble", Boolean(line.dataset.most) && words > Number(line.dataset.most));
    });
    if (whole) {
      whole.textContent = "Whole audit: " + said(sum, whole.dataset);
      whole.classList.toggle("trouble", Boolean(whole.dataset.most) && sum > Number(whole.dataset.most));
    }
  }

  // insertText keeps the browser's own undo; setRangeText is for browsers that refuse it.
  function insert(area, text) {
    area.focus();
    if (!document.execCommand("insertText", false, text)) {
      area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  function around(area, sign) {
    var start = area.selectionStart, chosen = area.value.slice(start, area.selectionEnd);
    insert(area, sign + chosen + sign);
    var inside = start + sign.length;
    area.setSelectionRange(inside, inside + chosen.length);
  }

  function beforeLines(area, sign) {
    var start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    var end = Math.max(area.selectionEnd, start);
    area.setSelectionRange(start, end);
    insert(area, area.value.slice(start, end).split("\n").map(function (line) { return sign + line; }).join("\n"));
  }

  function fresh(html) {
    var made = new DOMParser().parseFromString(html, "text/html").body;
    return Array.prototype.slice.call(made.childNodes);
  }

  function ask(form, url, name, value) {
    var sent = new URLSearchParams();
    sent.append("csrf_token", form.elements.namedItem("csrf_token").value);
    sent.append(name, value);
    return fetch(url, {
      method: "POST", body: sent, credentials: "same-origin",
      headers: { "X-Requested-With": "fetch", Accept: "application/json" },
    }).then(function (response) { if (!response.ok) { throw new Error("refused"); } return response.json(); });
  }

  function paste(form, area, event) {
    var board = event.clipboardData, html = board && board.getData("text/html");
    var plain = board && board.getData("text/plain");
    if (!html || html.length > LARGEST_PASTE) { return; }
    event.preventDefault();
    var start = area.selectionStart, end = area.selectionEnd, before = area.value;
    function put(text) {
      if (area.value === before) { area.setSelectionRange(start, end); }
      insert(area, text);
    }
    ask(form, form.dataset.pastedUrl, "html", html).then(function (answer) {
      put(answer.text || plain);
    }).catch(function () { put(plain); });
  }

  function button(label, press, area) {
    var made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-outline-secondary btn-sm";
    made.textContent = label;
    made.setAttribute("aria-controls", area.id);
    made.addEventListener("click", press);
    return made;
  }

  function look(form, field, area) {
    var place = document.createElement("div");
    place.className = "prose preview-of-text";
    place.hidden = true;
    var toggle = button("How it will look", function () {
      var opening = place.hidden;
      if (!opening) { place.hidden = true; toggle.setAttribute("aria-expanded", "false"); return; }
      ask(form, form.dataset.shownUrl, "text", area.value).then(function (answer) {
        place.replaceChildren.apply(place, fresh(answer.html || "<p>Nothing written yet.</p>"));
      }).catch(function () {
        place.textContent = "This cannot be shown now. Your text is safe in the box above.";
      }).then(function () { place.hidden = false; toggle.setAttribute("aria-expanded", "true"); });
    }, area);
    toggle.setAttribute("aria-expanded", "false");
    area.after(place);
    return toggle;
  }

  function equip(form, field) {
    var area = field.querySelector("textarea"), label = area.labels[0].textContent;
    var bar = document.createElement("div");
    bar.className = "prose-tools no-print";
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "Tools for: " + label);
    bar.append(
      button("Heading", function () { beforeLines(area, "## "); }, area),
      button("Bold", function () { around(area, "**"); }, area),
      button("Italic", function () { around(area, "*"); }, area),
      button("List", function () { beforeLines(area, "- "); }, area),
      button("Quote", function () { beforeLines(area, "> "); }, area),
      look(form, field, area)
    );
    area.before(bar);
    area.addEventListener("paste", function (event) { paste(form, area, event); });
    area.addEventListener("keydown", function (event) {
      var sign = { b: "**", i: "*" }[event.key.toLowerCase()];
      if (sign && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
        event.preventDefault();
        around(area, sign);
      }
    });
  }

  function showHeld(form, held) {
    form.querySelectorAll("[data-held]").forEach(function (place) {
      var name = place.id.replace(/-held$/, ""), control = document.getElementById(name);
      var html = held && held[name];
      if (!html && !place.childElementCount) { return; }
      // The same notice again is left alone, so that it is not read out twice and keeps its focus.
      if (html && place.dataset.shown === html) { return; }
      place.dataset.shown = html || "";
      place.replaceChildren.apply(place, html ? fresh(html) : []);
      control.classList.toggle("is-invalid", Boolean(html));
      if (html) { control.setAttribute("aria-invalid", "true"); } else { control.removeAttribute("aria-invalid"); }
    });
  }

  document.querySelectorAll("form[data-writing]").forEach(function (form) {
    if (form.dataset.pastedUrl && form.dataset.autosaveUrl) {
      form.querySelectorAll("[data-prose]").forEach(function (field) { equip(form, field); });
    }
    form.addEventListener("input", function () { count(form); });
    form.addEventListener("saved", function (event) { showHeld(form, event.detail.held); });
    count(form);
  });
})();
