/*
 * Help while a visit is planned: what is wrong with day, times and number is said at the field at once,
 * and schools known already are offered while the name is typed. Saving says the same without it.
 */
(function () {
  "use strict";
  var form = document.querySelector("form[data-visit-plan]");
  if (!form) { return; }
  var name = form.elements.namedItem("school_name"), list = document.getElementById("known-schools");
  var touched = {}, asked = 0, timer = null;
  name.setAttribute("list", "known-schools");

  function say(field, sentences) {
    var control = form.elements.namedItem(field), first = control.length && !control.options ? control[0] : control;
    var box = first.closest(".field"), id = field + "-said", place = document.getElementById(id);
    var old = document.getElementById(field + "-error");
    if (old) { old.remove(); }
    if (!place) {
      place = document.createElement("div");
      place.id = id;
      place.className = "field-error";
      place.setAttribute("role", "status");
      // Where the server says it too: below the label and the hint.
      var before = document.getElementById(field + "-hint") || box.querySelector("label, legend");
      before.after(place);
      first.setAttribute("aria-describedby", ((first.getAttribute("aria-describedby") || "") + " " + id).trim());
    }
    if (place.textContent === sentences.join("")) { return; }
    place.replaceChildren.apply(place, sentences.map(function (one) {
      var line = document.createElement("p");
      line.textContent = one;
      return line;
    }));
    first.classList.toggle("is-invalid", sentences.length > 0);
  }

  function check() {
    var sent = new URLSearchParams(new FormData(form)), number = ++asked;
    sent.set("act", "check");
    fetch(form.action, {
      method: "POST", body: sent, credentials: "same-origin",
      headers: { "X-Requested-With": "fetch", Accept: "application/json" },
    }).then(function (response) { if (!response.ok) { throw new Error("refused"); } return response.json(); })
      .then(function (answer) {
        if (number !== asked) { return; }
        Object.keys(answer.said).forEach(function (field) {
          // A field nobody has come to yet is not scolded for being empty.
          if (touched[field] || touched.visit_on && field === "half_days") { say(field, answer.said[field]); }
        });
        form.querySelector("[data-may-be-open]").hidden =
          !answer.may_be_open && !form.elements.namedItem("school_is_open").checked;
      }).catch(function () { /* said when it is saved */ });
  }

  form.addEventListener("change", function (event) {
    touched[event.target.name] = true;
    if (event.target.name === "arrives_at") { touched.leaves_at = touched.leaves_at || Boolean(form.elements.namedItem("leaves_at").value); }
    if (event.target.name === "host_name") { return; }
    check();
  });

  function offer() {
    if (name.value.trim().length < 3) { return; }
    fetch(form.dataset.schoolsUrl + "?q=" + encodeURIComponent(name.value), {
      credentials: "same-origin", headers: { Accept: "application/json" },
    }).then(function (response) { return response.json(); }).then(function (answer) {
      answer.schools.forEach(function (one) {
        if (Array.prototype.some.call(list.options, function (known) { return known.value === one.name; })) { return; }
        var option = document.createElement("option");
        option.value = one.name;
        Object.assign(option.dataset, { urn: one.urn, phase: one.phase, kind: one.kind });
        list.append(option);
      });
    }).catch(function () { /* the name can be typed whole */ });
  }

  name.addEventListener("input", function () {
    window.clearTimeout(timer);
    timer = window.setTimeout(offer, 300);
    var known = Array.prototype.filter.call(list.options, function (one) { return one.value === name.value; })[0];
    if (!known) { return; }
    [["school_urn", "urn"], ["phase", "phase"], ["kind", "kind"]].forEach(function (pair) {
      var control = form.elements.namedItem(pair[0]);
      if (!control.value && known.dataset[pair[1]]) {
        control.value = known.dataset[pair[1]];
        control.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
  });
})();
