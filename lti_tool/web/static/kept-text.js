/*
 * Keeps what was typed when somebody else saved first; autosave.js calls it by the event "save-conflict".
 * The text goes into this tab's history entry, which outlives a reload and, unlike storage, needs no
 * permission inside a frame. After the reload it stands above the form, to be copied from.
 * The entry holds the form's revision too: text that the browser puts back when one returns to the page
 * was written on that revision, and is to clash with a newer text rather than overwrite it unseen.
 */
(function () {
  "use strict";

  function offerReload(event) {
    var form = event.target;
    var button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-outline-secondary";
    button.textContent = "Load the newer version and keep my text beside it";
    button.addEventListener("click", function () {
      var kept = [];
      form.querySelectorAll("textarea, input[type=text]").forEach(function (control) {
        if (control.value !== control.defaultValue) {
          var label = control.labels.length ? control.labels[0].textContent : control.name;
          kept.push([label.trim(), control.value]);
        }
      });
      history.replaceState({ keptText: kept }, "");
      form.dispatchEvent(new CustomEvent("leaving"));
      // Some browsers put typed fields back after a reload: the newer version is to stand there.
      form.reset();
      location.reload();
    });
    event.detail.after.after(button);
  }

  function showKept(form) {
    var kept = history.state && history.state.keptText;
    if (!kept || !kept.length) {
      return;
    }
    history.replaceState(null, "");
    var box = document.createElement("section");
    box.className = "notice notice-warning kept-text";
    box.setAttribute("aria-label", "What you had typed");
    var list = document.createElement("div");
    var title = document.createElement("h2");
    title.textContent = "What you had typed";
    list.appendChild(title);
    kept.forEach(function (pair, index) {
      var label = document.createElement("label");
      var text = document.createElement("textarea");
      text.id = "kept-" + index;
      text.readOnly = true;
      text.className = "form-control";
      text.value = pair[1];
      label.htmlFor = text.id;
      label.className = "form-label";
      label.textContent = pair[0];
      list.append(label, text);
    });
    box.appendChild(list);
    form.before(box);
  }

  function remember(number) {
    history.replaceState(Object.assign({}, history.state, { savedRevision: String(number) }), "");
  }

  function begin(event) {
    var revision = event.target.elements.namedItem("revision");
    var before = history.state && history.state.savedRevision;
    if (!revision) { return; }
    if (event.detail.unsaved && before) { revision.value = before; }
    remember(revision.value);
  }

  document.querySelectorAll("form[data-autosave-url]").forEach(function (form) {
    form.addEventListener("saving-starts", begin);
    form.addEventListener("saved", function (event) { remember(event.detail.revision); });
    form.addEventListener("save-conflict", offerReload);
    showKept(form);
  });
})();
