/*
 * Saves a form in the background while it is being filled in: form[data-autosave-url].
 * Sends the fields (without files) one second after the last key, or on leaving a field. The answer
 * {saved_at_label, revision} is shown in [data-save-status]; 409 {sentence}: someone else saved first.
 * Nothing typed is thrown away: what was typed before it came, or put back, is saved when it starts.
 */
(function () {
  "use strict";
  var IDLE_MS = 1000;
  var RETRY_MS = [5000, 15000, 30000, 60000];

  function start(form) {
    var status = form.querySelector("[data-save-status]") || document.createElement("p");
    var revision = form.elements.namedItem("revision");
    var saving = false, stopped = false, leaving = false, held = false, failures = 0;
    var waiting = null, timer = null, kept = fields(asSent()).toString();

    function asSent() { var copy = form.cloneNode(true); copy.reset(); return copy; }

    // The revision is left out, so that two equal states of the form compare as equal.
    function fields(from) {
      var sent = new URLSearchParams();
      new FormData(from).forEach(function (value, name) {
        if (typeof value === "string" && name !== "revision") { sent.append(name, value); }
      });
      return sent;
    }

    function unsaved() { return fields(form).toString() !== kept; }

    function say(sentence, trouble) {
      status.textContent = sentence;
      status.classList.toggle("trouble", Boolean(trouble));
    }

    function plan(delay) {
      window.clearTimeout(timer);
      timer = window.setTimeout(save, delay);
    }

    function retry() { plan(RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]); }

    function answered(response, text) {
      return response.json().catch(function () { return {}; }).then(function (answer) {
        if (response.ok && answer.revision !== undefined) {
          failures = 0;
          kept = text;
          if (revision) { revision.value = answer.revision; }
          // A field may be held back while the others are kept; its text is then on the page only.
          held = Boolean(answer.held_sentence);
          say("Saved " + (answer.saved_at_label || "") + (held ? ", but: " + answer.held_sentence : ""), held);
          answer.text = text; // what was sent, so that others can tell whether more was typed since
          form.dispatchEvent(new CustomEvent("saved", { detail: answer }));
          if (answer.visit_ends_at) {
            document.dispatchEvent(new CustomEvent("visit-ends-at", { detail: answer }));
          }
          return;
        }
        var still = " What you typed is still on this page.";
        if (response.status === 409) {
          stopped = true;
          say((answer.sentence || "A newer version of this was saved somewhere else.") + still, true);
          form.dispatchEvent(new CustomEvent("save-conflict", { detail: { after: status } }));
          return;
        }
        say("Not saved: " + (answer.sentence || "the server could not keep this.") + still, true);
        // Sending a refused text again would get the same answer: only a fault of the server is retried.
        if (response.status >= 500) { retry(); }
      });
    }

    function save() {
      window.clearTimeout(timer);
      if (saving || stopped || !unsaved()) { return; }
      var sent = fields(form), text = sent.toString();
      if (revision) { sent.append("revision", revision.value); }
      saving = true;
      fetch(form.dataset.autosaveUrl, {
        method: "POST",
        body: sent,
        credentials: "same-origin",
        headers: { "X-Requested-With": "fetch", Accept: "application/json" },
      }).then(function (response) { return answered(response, text); }, function () {
        say("Not saved: no connection. What you typed is still on this page.", true);
        retry();
      }).then(function () {
        saving = false;
        if (waiting) {
          waiting();
        } else if (!stopped && failures === 0 && fields(form).toString() !== text) {
          plan(IDLE_MS);
        }
      });
    }

    form.addEventListener("input", function () { plan(IDLE_MS); });
    form.addEventListener("change", function () { plan(IDLE_MS); });
    form.addEventListener("focusout", function () { if (failures === 0) { save(); } });
    form.addEventListener("leaving", function () { leaving = true; });
    window.addEventListener("online", save);
    // A hand-in must carry the revision that the save under way is about to return.
    form.addEventListener("submit", function (event) {
      window.clearTimeout(timer);
      leaving = true;
      if (saving) {
        var submitter = event.submitter;
        event.preventDefault();
        waiting = function () {
          waiting = null;
          form.requestSubmit(submitter);
        };
      }
    });
    window.addEventListener("beforeunload", function (event) {
      if (!leaving && (saving || held || unsaved())) { event.preventDefault(); }
    });
    window.addEventListener("pageshow", function () {
      form.dispatchEvent(new CustomEvent("saving-starts", { detail: { unsaved: unsaved() } }));
      if (unsaved()) { plan(IDLE_MS); }
    });
  }

  document.querySelectorAll("form[data-autosave-url]").forEach(start);
})();
