// Tells how far a notice is while its page stands open. Without it the page is loaded anew by hand.
"use strict";

const EVERY = 3000;

function watch(line) {
  async function look() {
    if (document.hidden) return;
    try {
      const answer = await fetch(line.dataset.progress, { headers: { Accept: "application/json" }, redirect: "error" });
      if (!answer.ok) return;
      const { state, text } = await answer.json();
      if (line.textContent !== text) line.textContent = text;
      if (state !== line.dataset.state) location.reload();
    } catch {
      // The next look may succeed.
    }
  }
  setInterval(look, EVERY);
}

document.querySelectorAll("[data-progress]").forEach(watch);
