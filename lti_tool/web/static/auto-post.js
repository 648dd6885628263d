// Sends the one form that carries an answer back to the course site, once the page is there.
"use strict";
(() => {
  const form = document.querySelector("form[data-auto-post]");
  if (form) HTMLFormElement.prototype.submit.call(form);
})();
