/*
 * Keeps a login's proof in the platform's own storage, where a frame keeps no cookie, or reads it back.
 * LTI Platform Storage 0.1: messages lti.put_data and lti.get_data to the frame the platform named. Only
 * answers from the registered origin with our message's id count; half a second, then the page stays.
 */
(function () {
  "use strict";
  var BUDGET_MS = 500;
  var form = document.querySelector("form[data-platform-storage]");
  if (!form || window.parent === window || !window.crypto) {
    return;
  }
  var field = form.querySelector("[data-stored]");
  var origin = form.dataset.origin;
  var key = form.dataset.key;
  var isOver = false;
  window.setTimeout(function () {
    isOver = true;
  }, BUDGET_MS);

  function frame() {
    if (form.dataset.target !== "_parent") {
      try {
        // A frame of another site beside ours can be reached by name, and by nothing else.
        return window.parent.frames[form.dataset.target] || window.parent;
      } catch (refused) {
        return window.parent;
      }
    }
    return window.parent;
  }

  function newId() {
    var numbers = new Uint32Array(4);
    window.crypto.getRandomValues(numbers);
    return Array.from(numbers, function (one) {
      return one.toString(16);
    }).join("-");
  }

  function ask(message, then) {
    message.message_id = newId();
    message.key = key;
    window.addEventListener("message", function hear(event) {
      var said = event.data;
      if (event.origin !== origin || !said || typeof said !== "object" ||
          said.message_id !== message.message_id || said.subject !== message.subject + ".response") {
        return;
      }
      window.removeEventListener("message", hear);
      if (!isOver && !said.error) {
        then(said);
      }
    });
    frame().postMessage(message, origin);
  }

  function send() {
    isOver = true;
    form.submit();
  }

  if (form.dataset.platformStorage === "put") {
    ask({ subject: "lti.put_data", value: field.value }, function () {
      ask({ subject: "lti.get_data" }, function (said) {
        if (said.value === field.value) {
          send();
        }
      });
    });
    return;
  }
  ask({ subject: "lti.get_data" }, function (said) {
    if (typeof said.value === "string" && said.value) {
      field.value = said.value;
      send();
    }
  });
})();
