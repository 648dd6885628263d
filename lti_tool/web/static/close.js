// Tells the platform that registering has ended, so that it closes our frame or window
// (Dynamic Registration 1.0, 3.7): at once where all is well, else when what is to be read has
// been read and the button is pressed. The message goes to the platform's own origin alone.
(() => {
  const place = document.querySelector("[data-close-origin]");
  if (!place) return;
  const platform = window.opener || (window.parent !== window ? window.parent : null);
  const tell = () =>
    platform && platform.postMessage({ subject: place.dataset.closeSubject }, place.dataset.closeOrigin);
  const button = document.querySelector("[data-close-button]");
  if (platform && button) {
    button.hidden = false;
    button.addEventListener("click", tell);
  }
  if ("closeNow" in place.dataset) tell();
})();
