// Brings the screen in the hall up to date, and says only what has changed. Without it the page is loaded anew.
"use strict";

const EVERY = 10000;

async function look() {
  try {
    const answer = await fetch(location.href, { redirect: "error" });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const place of document.querySelectorAll("[data-fresh]")) {
      const now = fresh.querySelector(`[data-fresh="${place.dataset.fresh}"]`);
      if (now && now.innerHTML !== place.innerHTML) place.replaceChildren(...now.childNodes);
    }
  } catch {
    // The next look may succeed.
  }
}

setInterval(look, EVERY);
