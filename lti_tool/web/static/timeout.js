/*
 * Says, ten minutes before a visit ends, that it is about to, and lets the person stay.
 * The banner is part of the page, not a box over it, so nothing is lost and nobody is trapped.
 * Staying is a POST in the background (a page load would lose unsaved typing); it answers with
 * JSON {visit_ends_at, visit_ends_label}. A page that saves may say the same by the event "visit-ends-at".
 */
(function () {
  "use strict";
  var WARN_BEFORE_MS = 10 * 60 * 1000;
  var body = document.body;
  var banner = document.querySelector("[data-stay]");
  var form = document.querySelector("[data-stay-form]");
  var words = document.querySelector("[data-stay-text]");
  var footer = document.querySelector("[data-visit-ends-label]");
  var endsAt = Date.parse(body.dataset.visitEndsAt);
  var timer = null;
  if (!banner || !form || isNaN(endsAt)) {
    return;
  }

  function clock(at) {
    return new Date(at).toLocaleTimeString("en-GB", {
      hour: "2-digit", minute: "2-digit", timeZone: "Europe/London",
    });
  }

  function show(sentence, withButton) {
    banner.hidden = false;
    form.hidden = !withButton;
    // Only words that changed are spoken by a screen reader, so the same words are not set twice.
    if (words.textContent !== sentence) {
      words.textContent = sentence;
    }
  }

  function look() {
    window.clearTimeout(timer);
    var left = endsAt - Date.now();
    if (left <= 0) {
      show("This visit has ended. What you typed is still on this page: copy anything you need, " +
        "then open the activity again from your course.", false);
      return;
    }
    if (left <= WARN_BEFORE_MS) {
      show("For safety this page signs you out at " + clock(endsAt) + ". Do you need longer?", true);
      timer = window.setTimeout(look, left + 500);
      return;
    }
    banner.hidden = true;
    timer = window.setTimeout(look, Math.min(left - WARN_BEFORE_MS, 60 * 60 * 1000));
  }

  function extend(answer) {
    var at = Date.parse(answer.visit_ends_at);
    if (isNaN(at)) {
      throw new Error("no time in the answer");
    }
    endsAt = at;
    if (footer) {
      footer.textContent = answer.visit_ends_label || clock(at);
      footer.dateTime = answer.visit_ends_at;
    }
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    fetch(body.dataset.stayUrl, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      credentials: "same-origin",
      headers: { "X-Requested-With": "fetch", Accept: "application/json" },
    }).then(function (response) {
      if (!response.ok) {
        throw new Error("refused");
      }
      return response.json();
    }).then(function (answer) {
      extend(answer);
      // The button is about to vanish: keep the reader's place at the start of the page's work.
      if (banner.contains(document.activeElement)) {
        document.getElementById("main").focus({ preventScroll: true });
      }
      look();
    }).catch(function () {
      show("That did not work. Check your connection and try again before " + clock(endsAt) +
        ", or copy what you need from this page.", true);
    });
  });

  document.addEventListener("visit-ends-at", function (event) {
    extend(event.detail);
    look();
  });
  // A laptop that slept through the timer looks again when it wakes.
  document.addEventListener("visibilitychange", look);
  look();
})();
