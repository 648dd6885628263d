/*
 * Keeps what is typed in form[data-device-name] on this device until the server has it: a lost connection,
 * a closed page. Locked (AES-GCM) with the key that the page brings, which the server gives to this person
 * alone, so that the next person at the same computer cannot read it. Works beside autosave.js or without.
 * Where the browser denies its store to a frame, this tab's history entry holds the text, which outlives a
 * reload and nothing more; the page says which it is.
 * Nothing is overwritten unseen: text that met a newer one is shown beside it, for the person to choose.
 * [data-device-look] on other pages says that something is kept, and forgets what was sent;
 * [data-device-clear] names what has gone for good. See decision 0033.
 */
(function () {
  "use strict";
  var PREFIX = "kept-on-device:", KEEP_DAYS = 30, IDLE_MS = 300;
  var NOT_TYPED = { csrf_token: 1, revision: 1, act: 1 };
  var subtle = window.isSecureContext && window.crypto && window.crypto.subtle;

  // Null where the browser denies storage, as it may inside a frame of another site.
  function store() {
    try {
      window.localStorage.setItem(PREFIX + "try", "1");
      window.localStorage.removeItem(PREFIX + "try");
      return window.localStorage;
    } catch (denied) { return null; }
  }

  // The same in this tab's history entry, for as long as the tab is open.
  function inTab() {
    function all() { return (history.state && history.state.keptOnDevice) || {}; }
    function set(entries) { history.replaceState(Object.assign({}, history.state, { keptOnDevice: entries }), ""); }
    return {
      getItem: function (name) { return all()[name] || null; },
      setItem: function (name, text) { var one = {}; one[name] = text; set(Object.assign(all(), one)); },
      removeItem: function (name) { var rest = all(); delete rest[name]; set(rest); },
      names: function () { return Object.keys(all()); },
    };
  }

  var lasting = store(), held = subtle && (lasting || inTab());
  var WHERE = lasting ? "on this device, locked for you alone" : "in this tab only, for as long as it is open";

  function names() { return lasting ? Object.keys(lasting) : held.names(); }

  function read(name) {
    try { return JSON.parse(held.getItem(PREFIX + name)); } catch (broken) { return null; }
  }

  function write(name, entry) {
    try { held.setItem(PREFIX + name, JSON.stringify(entry)); return true; } catch (full) { return false; }
  }

  function forget(name) { held.removeItem(PREFIX + name); }

  function bytes(text) { return Uint8Array.from(atob(text), function (one) { return one.charCodeAt(0); }); }

  function text(buffer) {
    return btoa(Array.from(new Uint8Array(buffer), function (one) { return String.fromCharCode(one); }).join(""));
  }

  function lock(place) {
    return subtle.importKey("raw", bytes(place.dataset.deviceKey), "AES-GCM", false, ["encrypt", "decrypt"]);
  }

  // The name of the entry is sealed in, so that one cannot be put in another's place.
  function how(name, iv) { return { name: "AES-GCM", iv: iv, additionalData: new TextEncoder().encode(name) }; }

  function close(place, content) {
    var iv = window.crypto.getRandomValues(new Uint8Array(12)), name = place.dataset.deviceName;
    return lock(place).then(function (key) {
      return subtle.encrypt(how(name, iv), key, new TextEncoder().encode(JSON.stringify(content)));
    }).then(function (made) { return { iv: text(iv), data: text(made) }; });
  }

  // What cannot be opened is of no use to anybody any more: the server's secret was changed.
  function open(place, entry) {
    var name = place.dataset.deviceName;
    return lock(place).then(function (key) {
      return subtle.decrypt(how(name, bytes(entry.iv)), key, bytes(entry.data));
    }).then(function (plain) { return JSON.parse(new TextDecoder().decode(plain)); })
      .catch(function () { forget(name); return null; });
  }

  function tidy() {
    names().filter(function (name) { return name.indexOf(PREFIX) === 0; }).forEach(function (name) {
      var entry = read(name.slice(PREFIX.length));
      if (!entry || Date.now() - entry.at > KEEP_DAYS * 86400000) { held.removeItem(name); }
    });
  }

  function when(at) { return new Date(at).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" }); }

  function make(kind, words, className) {
    var made = document.createElement(kind);
    made.textContent = words || "";
    if (className) { made.className = className; }
    return made;
  }

  function button(words, press) {
    var made = make("button", words, "btn btn-outline-secondary");
    made.type = "button";
    made.addEventListener("click", press);
    return made;
  }

  function panel(title, kind) {
    var box = make("section", "", "notice notice-" + (kind || "warning") + " kept-text");
    var inner = document.createElement("div"), heading = make("h2", title);
    box.setAttribute("aria-label", title);
    heading.tabIndex = -1;
    inner.append(heading);
    box.append(inner);
    box.inner = inner;
    return box;
  }

  function controls(form) {
    return Array.prototype.filter.call(form.elements, function (one) {
      return one.name && !NOT_TYPED[one.name] && !/^(hidden|submit|button|fieldset)$/.test(one.type);
    });
  }

  // Each name with its values: those ticked, or what stands in the field.
  function typed(form) {
    var found = {};
    controls(form).forEach(function (one) {
      var isTick = one.type === "radio" || one.type === "checkbox";
      found[one.name] = found[one.name] || [];
      if (!isTick || one.checked) { found[one.name].push(one.value); }
    });
    return found;
  }

  // The form as the server sent it, whatever was typed before this script came.
  function asGiven(form) { var copy = form.cloneNode(true); copy.reset(); return copy; }

  function same(one, other) { return JSON.stringify(one) === JSON.stringify(other); }

  // Edges and line ends are the server's to tidy: they are no difference.
  function tidied(values) { return values.map(function (one) { return one.replace(/\r\n?/g, "\n").trim(); }); }

  function differing(now, kept) {
    return Object.keys(kept).filter(function (name) { return now[name] && !same(tidied(now[name]), tidied(kept[name])); });
  }

  function put(form, name, values) {
    controls(form).forEach(function (one) {
      if (one.name !== name) { return; }
      if (one.type === "radio" || one.type === "checkbox") { one.checked = values.indexOf(one.value) >= 0; }
      else { one.value = values[0] || ""; }
      one.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  function labelOf(form, name) {
    var first = controls(form).filter(function (one) { return one.name === name; })[0];
    if (!first) { return name; }
    var group = (first.type === "radio" || first.type === "checkbox") && first.closest("fieldset");
    var label = group ? group.querySelector("legend") : first.labels && first.labels[0];
    return label ? label.textContent.trim() : name;
  }

  function inWords(form, name, values) {
    var words = values.map(function (value) {
      var one = form && controls(form).filter(function (control) {
        return control.name === name && control.value === value && control.labels && control.labels[0] &&
          (control.type === "radio" || control.type === "checkbox");
      })[0];
      return one ? one.labels[0].textContent.trim() : value;
    }).filter(Boolean);
    return words.join("; ") || "(empty)";
  }

  // What autosave.js sends, to tell whether all that stands in the form was saved.
  function asSent(form) {
    var sent = new URLSearchParams();
    new FormData(form).forEach(function (value, name) {
      if (typeof value === "string" && name !== "revision") { sent.append(name, value); }
    });
    return sent.toString();
  }

  function start(form) {
    var name = form.dataset.deviceName, status = form.querySelector("[data-device-status]");
    var revision = form.elements.namedItem("revision"), saves = Boolean(form.dataset.autosaveUrl);
    var begun = typed(asGiven(form)), aside = null, asideAt = 0, box = null, timer = null, isSent = false;
    var writing = Promise.resolve();

    function say(words) { status.textContent = words; }

    function keep() {
      window.clearTimeout(timer);
      var labels = {}, fields = typed(form), number = Number(revision.value);
      Object.keys(fields).forEach(function (one) { labels[one] = labelOf(form, one); });
      writing = writing.then(function () {
        return close(form, { fields: fields, labels: labels, aside: aside, asideAt: asideAt });
      }).then(function (locked) {
        if (isSent) { locked.sent = true; }
        locked.at = Date.now();
        locked.revision = number;
        if (!write(name, locked)) { say("This device is full, so what you type is on this page only."); return; }
        if (!navigator.onLine) {
          say("No connection. What you type is kept " + WHERE + ", and sent when the connection returns.");
        } else if (!saves) {
          say("Not saved yet. What you type is kept " + WHERE + ", until you save.");
        }
      });
      return writing;
    }

    function clear() {
      writing = writing.then(function () { forget(name); });
      if (lasting) { say(""); }
    }

    function settle() {
      if (aside && Object.keys(aside).length) { keep(); return; }
      aside = null;
      if (box) { box.remove(); box = null; }
      if (same(typed(form), begun)) { clear(); } else { keep(); }
    }

    function choose(row, field, use) {
      var values = aside[field];
      delete aside[field];
      row.remove();
      if (use) { put(form, field, values); }
      settle();
      var next = box ? box.inner.querySelector("h2") : form.querySelector("[name='" + CSS.escape(field) + "']");
      if (next) { next.focus(); }
    }

    function compare(fields, at) {
      aside = fields;
      asideAt = at;
      box = panel("Two versions of what you wrote");
      box.inner.append(make("p", "You typed this here on " + when(at) + ", and this visit was saved on another " +
        "device or in another tab since. Nothing was overwritten: choose for each."));
      Object.keys(fields).forEach(function (field) {
        var row = make("div", "", "both-texts"), label = labelOf(form, field);
        var mine = make("div", inWords(form, field, fields[field]), "as-typed");
        var theirs = make("div", inWords(form, field, begun[field]), "as-typed");
        var left = document.createElement("div"), right = document.createElement("div");
        left.append(make("h4", "Typed here"), mine, button("Use what I typed here", choose.bind(null, row, field, true)));
        right.append(make("h4", "Saved since"), theirs, button("Keep what is saved", choose.bind(null, row, field, false)));
        row.append(make("h3", label), left, right);
        row.querySelectorAll("button").forEach(function (one) {
          one.append(make("span", " for “" + label + "”", "visually-hidden"));
        });
        box.inner.append(row);
      });
      form.before(box);
      box.inner.querySelector("h2").focus();
    }

    function bringBack(entry, content) {
      var now = typed(form), names = differing(now, content.fields), old = entry.revision < Number(revision.value);
      var left = {};
      differing(now, content.aside || {}).forEach(function (one) { left[one] = content.aside[one]; });
      if (old) {
        names.forEach(function (one) { left[one] = content.fields[one]; });
      } else if (names.length) {
        names.forEach(function (one) { put(form, one, content.fields[one]); });
        var told = panel("What you typed is back", "info");
        told.inner.append(make("p", "You typed this here on " + when(entry.at) + " and it had not been sent. " +
          (saves ? "It is put back below and being saved now." : "It is put back below: look at it and save.")));
        form.before(told);
        form.dispatchEvent(new Event("input", { bubbles: true }));
      }
      if (Object.keys(left).length) {
        compare(left, old ? entry.at : content.asideAt);
        keep();
      } else if (!names.length) {
        forget(name);
      }
    }

    // Without autosave.js: send what was typed while there was no connection, once there is one.
    function send() {
      var entry = read(name);
      if (saves || !entry || same(typed(form), begun)) { return; }
      fetch(form.action, {
        method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin",
        headers: { "X-Requested-With": "fetch", Accept: "application/json" },
      }).then(function (response) {
        return response.json().then(function (answer) {
          if (!response.ok) { say("You are connected again. " + answer.sentence + " Nothing you typed is lost."); return; }
          revision.value = answer.revision;
          form.action = answer.action;
          begun = typed(form);
          clear();
          say("You are connected again, and what you typed is saved.");
        });
      }).catch(function () { say("Still no connection. What you type is kept " + WHERE + "."); });
    }

    form.addEventListener("input", function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(keep, IDLE_MS);
    });
    form.addEventListener("change", function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(keep, IDLE_MS);
    });
    form.addEventListener("saved", function (event) {
      window.clearTimeout(timer);
      if (event.detail.text === asSent(form) && !event.detail.held_sentence) { begun = typed(form); settle(); } else { keep(); }
    });
    // Here both texts can be shown side by side, so the usual help for a conflict is not needed.
    form.addEventListener("save-conflict", function (event) {
      event.stopImmediatePropagation();
      keep().then(function () {
        event.detail.after.after(button("Show both texts", function () {
          form.dispatchEvent(new CustomEvent("leaving"));
          form.reset();
          location.reload();
        }));
      });
    }, true);
    form.addEventListener("submit", function (event) {
      if (!navigator.onLine) {
        event.preventDefault();
        event.stopImmediatePropagation();
        keep();
        return;
      }
      var entry = read(name);
      window.clearTimeout(timer);
      isSent = true;
      if (entry) { entry.sent = true; write(name, entry); }
      if (!same(typed(form), begun)) { keep(); } // the last words, if there is time; the form carries them anyway
    }, true);
    window.addEventListener("online", function () { window.setTimeout(send, IDLE_MS); });
    window.addEventListener("offline", function () {
      if (!same(typed(form), begun)) { keep(); } else { say("No connection. What you type now will be kept " + WHERE + "."); }
    });
    document.addEventListener("visibilitychange", function () {
      if (document.visibilityState === "hidden" && !isSent && !same(typed(form), begun)) { keep(); }
    });
    window.addEventListener("pageshow", function () { isSent = false; });

    if (!lasting) {
      say("Your browser does not let this page keep text on this device. If the connection goes, leave this tab " +
        "open until it is back, or press “Full width” above and write there.");
    }
    var entry = read(name);
    if (form.hasAttribute("data-typed")) {
      keep(); // what was refused is not saved, whatever was thought when it was sent
    } else if (entry) {
      open(form, entry).then(function (content) { if (content) { bringBack(entry, content); } });
    } else if (!same(typed(form), begun)) {
      keep();
    }
  }

  // On other pages of the visit: what was sent is forgotten, what was not is said.
  function look(place) {
    var entry = read(place.dataset.deviceName);
    if (!entry) { return; }
    // Only the page that follows a good save proves that what was sent has arrived.
    if (entry.sent && place.hasAttribute("data-saved") && Number(place.dataset.revision) > entry.revision) {
      forget(place.dataset.deviceName);
      return;
    }
    open(place, entry).then(function (content) {
      if (!content) { return; }
      var box = panel("Not sent yet");
      box.inner.append(make("p", "You typed something here on " + when(entry.at) + " that has not been sent."));
      if (place.dataset.deviceLook) {
        var link = make("a", "Open it", "btn btn-outline-secondary");
        link.href = place.dataset.deviceLook;
        box.inner.append(link);
      } else {
        Object.keys(content.fields).forEach(function (name) {
          var words = inWords(null, name, content.fields[name]);
          if (words !== "(empty)") {
            box.inner.append(make("h3", content.labels[name] || name), make("div", words, "as-typed"));
          }
        });
      }
      box.inner.append(button("Throw it away", function () { forget(place.dataset.deviceName); box.remove(); }));
      place.append(box);
    });
  }

  if (held) {
    document.querySelectorAll("[data-device-clear]").forEach(function (place) {
      place.dataset.deviceClear.split(" ").filter(Boolean).forEach(forget);
    });
    tidy();
    document.querySelectorAll("[data-device-look]").forEach(look);
    document.querySelectorAll("form[data-device-name]").forEach(start);
  } else {
    document.querySelectorAll("form[data-device-name] [data-device-status]").forEach(function (status) {
      status.textContent = "Your browser cannot lock text, so nothing is kept on this device. If the connection " +
        "goes, leave this page open until it is back.";
    });
  }
})();
