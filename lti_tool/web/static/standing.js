// Shows where a mark stands without reloading: asks every second and a half while it is on its way.
"use strict";
(() => {
  const every = 1500;
  const until = Date.now() + 5 * 60 * 1000;
  const look = async (place) => {
    if (place.dataset.standing !== "waiting" || Date.now() > until) return;
    if (!place.contains(document.activeElement)) {
      try {
        const answer = await fetch(place.dataset.standingUrl, {
          credentials: "same-origin",
          headers: { "X-Requested-With": "fetch" },
        });
        if (answer.ok) {
          const state = answer.headers.get("X-Standing");
          const html = await answer.text();
          if (place.innerHTML.trim() !== html.trim()) place.innerHTML = html;
          place.dataset.standing = state;
        }
      } catch {
        // No connection: what stands on the page is still what was last known.
      }
    }
    window.setTimeout(look, every, place);
  };
  for (const place of document.querySelectorAll("[data-standing='waiting']")) {
    place.setAttribute("role", "status");
    window.setTimeout(look, 700, place);
  }
})();
