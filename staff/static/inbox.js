// Tells of new tasks while a list stands open, and counts the SMS that an answer takes while it is typed. All of it works
// without: the list is loaded anew by hand, and the answer looked at before it is sent.
"use strict";

const EVERY = 15000;

function watchNews(bar) {
  const title = document.title;
  const link = bar.querySelector("a");
  async function look() {
    if (document.hidden) return;
    try {
      const answer = await fetch(bar.dataset.news, { headers: { Accept: "application/json" }, redirect: "error" });
      if (!answer.ok) return;
      const { count, text } = await answer.json();
      if (link.textContent !== text) link.textContent = text;
      bar.hidden = count === 0;
      document.title = count === 0 ? title : `(${count}) ${title}`;
    } catch {
      // The next look may succeed.
    }
  }
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
}

const BASIC = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const EXTENDED = new Set("\f^{}\\[~]|€");

function segments(text) {
  const signs = [...text];
  const plain = signs.every((one) => BASIC.has(one) || EXTENDED.has(one));
  const widths = signs.map((one) => (plain ? (EXTENDED.has(one) ? 2 : 1) : one.length));
  const [alone, part] = plain ? [160, 153] : [70, 67];
  if (widths.reduce((sum, one) => sum + one, 0) <= alone) return 1;
  let count = 1;
  let room = part;
  for (const one of widths) {
    if (one > room) {
      count += 1;
      room = part;
    }
    room -= one;
  }
  return count;
}

function countSegments(field) {
  const told = document.getElementById(field.dataset.segments);
  function count() {
    const number = segments(field.dataset.prefix + field.value.trim());
    told.textContent = field.value.trim() === "" ? "" : told.dataset.said.replace("0", number);
    told.classList.toggle("overdue", number > Number(field.dataset.most));
  }
  field.addEventListener("input", count);
  count();
}

document.querySelectorAll("[data-news]").forEach(watchNews);
document.querySelectorAll("[data-segments]").forEach(countSegments);
