/*
 * Two helps for form[data-kept-marks], which works without them.
 * 1. What is typed and not saved yet stays on this device, under a name that belongs to this person
 *    and this piece of work (the attribute's value), and is offered when the page is opened again:
 *    a closed lid, an ended visit, a lost connection. It is cleared once it was saved. Where the
 *    browser denies storage to a frame, the tab keeps it instead.
 * 2. [data-insert] puts a kept comment into its field at once, without asking the server.
 */
(function () {
  "use strict";
  var KEEP_DAYS = 30, PREFIX = "kept-marks:";

  // Null where the browser denies storage, as it may inside a frame of another site.
  function store() {
    try { return window.localStorage; } catch (denied) { return null; }
  }

  // Without storage this tab's history entry holds it, which outlives a reload.
  function inTab() {
    return (history.state && history.state.keptMarks) || {};
  }

  function read(key) {
    if (!store()) { return inTab()[key] || null; }
    try { return JSON.parse(store().getItem(PREFIX + key)); } catch (nothing) { return null; }
  }

  function hold(key, value) {
    var held = {};
    if (value) { held[key] = value; }
    try {
      history.replaceState(Object.assign({}, history.state, { keptMarks: held }), "");
      return value ? "in this tab" : "";
    } catch (denied) { return ""; }
  }

  // Where it is kept, in words; empty where it could not be.
  function write(key, value) {
    try { store().setItem(PREFIX + key, JSON.stringify(value)); return "on this device"; } catch (denied) {
      return hold(key, value);
    }
  }

  function remove(key) {
    try { store().removeItem(PREFIX + key); } catch (denied) { hold(key, null); }
  }

  // What nobody came back for does not stay for ever.
  function tidy() {
    var held = store();
    if (!held) { return; }
    Object.keys(held).filter(function (name) { return name.indexOf(PREFIX) === 0; }).forEach(function (name) {
      var kept = read(name.slice(PREFIX.length));
      if (!kept || Date.now() - kept.at > KEEP_DAYS * 86400000) { remove(name.slice(PREFIX.length)); }
    });
  }

  function controls(form) {
    return Array.prototype.filter.call(form.elements, function (one) {
      return one.name && one.type !== "hidden" && one.type !== "submit";
    });
  }

  function typed(form) {
    var found = {};
    controls(form).forEach(function (one) {
      if (one.type === "radio" || one.type === "checkbox") {
        if (one.checked) { found[one.name] = one.value; }
      } else {
        found[one.name] = one.value;
      }
    });
    return found;
  }

  // What the server sent, whatever was typed before this script came. A form's fields may stand
  // anywhere on the page, so each is copied rather than the form.
  function asSent(form) {
    var blank = document.createElement("form");
    controls(form).forEach(function (one) { blank.append(one.cloneNode(true)); });
    blank.reset();
    return typed(blank);
  }

  function putBack(form, fields) {
    controls(form).forEach(function (one) {
      var value = fields[one.name];
      if (one.type === "radio" || one.type === "checkbox") {
        one.checked = value === one.value;
      } else if (value !== undefined) {
        one.value = value;
      }
    });
  }

  function differs(form, fields) {
    return controls(form).some(function (one) {
      var value = fields[one.name];
      if (one.type === "radio" || one.type === "checkbox") { return one.checked !== (value === one.value); }
      return value !== undefined && one.value !== value;
    });
  }

  function button(label, act) {
    var made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-outline-secondary me-2";
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  }

  function offer(form, key, kept, isOld) {
    var box = document.createElement("section");
    var words = document.createElement("p");
    box.className = "notice notice-warning kept-text";
    box.setAttribute("aria-label", "Typed on this device and not saved");
    var inner = document.createElement("div");
    words.textContent = "You typed marks here on " + new Date(kept.at).toLocaleString("en-GB") +
      " that were not saved." + (isOld ? " Somebody has saved marks since: look at both before you save." : "");
    inner.append(words,
      button("Put them back", function () {
        putBack(form, kept.fields);
        box.remove();
        form.querySelector("input:not([type=hidden]), textarea").focus();
      }),
      button("Throw them away", function () { remove(key); box.remove(); form.focus(); }));
    box.appendChild(inner);
    form.before(box);
  }

  function start(form) {
    var key = form.dataset.keptMarks, number = Number(form.dataset.number);
    var status = form.querySelector("[data-kept-status]");
    var kept = read(key), begun = asSent(form), timer = null, isLeaving = false;
    if (kept && kept.sent && number > kept.number && form.hasAttribute("data-own")) {
      remove(key);
    } else if (kept && !form.hasAttribute("data-typed") && differs(form, kept.fields)) {
      offer(form, key, kept, number !== kept.number);
    }

    function keep(sent) {
      window.clearTimeout(timer);
      if (!sent && !form.hasAttribute("data-typed") && !differs(form, begun)) { return; }
      var where = write(key, { at: Date.now(), number: number, fields: typed(form), sent: Boolean(sent) });
      if (status && !sent) {
        status.textContent = where ? "Not saved yet. What you type is kept " + where + " until you save." : "";
      }
    }

    // Remarks belong to the form wherever on the page their fields stand.
    document.addEventListener("input", function (event) {
      if (event.target.form !== form) { return; }
      window.clearTimeout(timer);
      timer = window.setTimeout(keep, 400);
    });
    // A choice is made in one go. Kept at once, since a tab on its way out may keep nothing more.
    // Not so text: it changes as one presses a button, which the words of the status would move away.
    document.addEventListener("change", function (event) {
      var isChoice = event.target.type === "radio" || event.target.type === "checkbox";
      if (event.target.form === form && isChoice) { keep(false); }
    });
    // Only now has the browser put back what it puts back.
    window.addEventListener("pageshow", function () { if (differs(form, begun)) { keep(false); } });
    form.addEventListener("submit", function () { isLeaving = true; keep(true); });
    window.addEventListener("pagehide", function () { if (!isLeaving) { keep(false); } });
    form.addEventListener("click", function (event) {
      var pressed = event.target.closest("[data-insert]");
      if (!pressed) { return; }
      event.preventDefault();
      var field = document.getElementById(pressed.dataset.insert);
      var text = pressed.parentElement.querySelector(".as-typed").textContent;
      field.value = field.value ? field.value + "\n" + text : text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
  }

  tidy();
  document.querySelectorAll("form[data-kept-marks]").forEach(start);
})();
