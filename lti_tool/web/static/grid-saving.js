/*
 * Saves the grid's changes in the background: 600 ms after the last one, several together. What was
 * typed stays on the page when the connection is lost, and is sent again until it is kept.
 */
(function (grid) {
  "use strict";
  var IDLE_MS = 600, LATEST_MS = 1500, MOST_AT_ONCE = 400;
  var RETRY_MS = [2000, 5000, 15000, 30000, 60000];

  grid.makeSaving = function (box, rows, revision, answered) {
    var status = box.querySelector("[data-save-status]");
    var timer = null, first = 0, saving = false, stopped = false, failures = 0;

    function say(sentence, trouble) {
      status.textContent = sentence;
      status.classList.toggle("trouble", Boolean(trouble));
    }
    function plan(delay) {
      window.clearTimeout(timer);
      timer = window.setTimeout(save, delay);
    }
    /* Someone who types on and on is saved too, so that no change waits for long. */
    function soon() {
      var now = Date.now();
      first = first || now;
      plan(Math.max(0, Math.min(IDLE_MS, first + LATEST_MS - now)));
    }
    function later() { plan(RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]); }

    function took(response, answer, sent) {
      var still = " What you typed is still on this page.";
      if (response.ok && answer.revision !== undefined) {
        failures = 0;
        revision = answer.revision;
        rows.accept(answer, sent);
        say(answer.refused.length ? "Saved " + answer.saved_at_label + ", but not all: see the marked cells."
          : "Saved " + answer.saved_at_label, answer.refused.length);
        if (answer.visit_ends_at) {
          document.dispatchEvent(new CustomEvent("visit-ends-at", { detail: answer }));
        }
        answered(answer);
        return;
      }
      if (answer.again || response.status >= 500) {
        say("Not saved yet: " + (answer.sentence || "the server had a fault. We try again."), true);
        later();
        return;
      }
      stopped = true;
      say("Not saved: " + (answer.sentence || "the server could not keep this.") + still, true);
    }

    function save() {
      window.clearTimeout(timer);
      if (saving || stopped) { return; }
      var sent = rows.changes(MOST_AT_ONCE);
      first = 0;
      if (!sent.length) { return; }
      var form = new URLSearchParams();
      form.set("csrf_token", box.dataset.token);
      form.set("revision", revision);
      form.set("changes", JSON.stringify(sent));
      saving = true;
      say("Saving…");
      fetch(box.dataset.saveUrl, {
        method: "POST", body: form, credentials: "same-origin",
        headers: { "X-Requested-With": "fetch", Accept: "application/json" },
      }).then(function (response) {
        return response.json().catch(function () { return {}; }).then(function (answer) {
          took(response, answer, sent);
        });
      }, function () {
        say("Not saved: no connection. What you typed is still on this page, and we try again.", true);
        later();
      }).then(function () {
        saving = false;
        if (!stopped && !failures && rows.changes(1).length) { soon(); }
      });
    }

    window.addEventListener("online", save);
    window.addEventListener("beforeunload", function (event) {
      if (!grid.leaving && (saving || rows.changes(1).length)) { event.preventDefault(); }
    });
    document.addEventListener("visibilitychange", function () { if (document.hidden) { save(); } });
    return { soon: soon, now: save };
  };
})(window.provisionGrid);
