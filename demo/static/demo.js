// Adds to the page what a browser without scripts does by loading it anew: sends forms, shows what is new, searches.
"use strict";

const LOOK = 2500;
const PARTS = ["moment", "chips", "facts", "struck", "quirks", "count", "list", "chat-talk", "chat-keys"];

let sending = 0;
let address = location.href;

function parsed(text) {
  return new DOMParser().parseFromString(text, "text/html");
}

function renew(page) {
  for (const id of PARTS) {
    const [old, now] = [document.getElementById(id), page.getElementById(id)];
    if (!old || !now || old.innerHTML === now.innerHTML) continue;
    const held = old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceChildren(...now.childNodes);
    if (held) hold(old, held);
  }
  converse(page);
  trouble(page);
}

// Keeps the focus on what stands in the place of the element that had it.
function hold(part, held) {
  const same = [...part.querySelectorAll(held.localName)];
  const next = same.find((one) => one.textContent === held.textContent) ?? same[0];
  next?.focus({ preventScroll: true });
}

// A bubble that stands already is changed only where it changed, so that nothing is read out twice.
function converse(page) {
  const talk = document.getElementById("talk");
  const now = [...page.getElementById("talk").children];
  talk.querySelector(".empty")?.remove();
  for (const bubble of now) {
    const old = bubble.id && document.getElementById(bubble.id);
    if (!old) {
      bubble.classList.add("fresh");
      talk.append(bubble);
    } else {
      old.classList.toggle("chosen", bubble.classList.contains("chosen"));
      for (const name of [".by", ".notes"]) {
        const [before, after] = [old.querySelector(name), bubble.querySelector(name)];
        if (before.innerHTML !== after.innerHTML) before.replaceChildren(...after.childNodes);
      }
    }
  }
}

function trouble(page) {
  document.getElementById("trouble")?.remove();
  const told = page.getElementById("trouble");
  if (told) document.getElementById("scroll").before(told);
}

async function ask(url, options) {
  sending += 1;
  try {
    const answer = await fetch(url, options);
    const page = parsed(await answer.text());
    if (!page.getElementById("talk")) throw new Error(String(answer.status));
    renew(page);
    return answer.url;
  } finally {
    sending -= 1;
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post" || form.classList.contains("away")) return;
  event.preventDefault();
  const fields = new URLSearchParams(new FormData(form, event.submitter));
  const text = form.elements.text;
  const pressed = ["say", "share", "block"].some((name) => fields.get(name));
  if (text && !pressed && !text.value.trim()) return text.focus();
  try {
    go(await ask(form.action, { method: "POST", body: fields }));
    if (text && !pressed) text.value = "";
    if (form.id === "write") document.getElementById("scroll").scrollTop = 0;
    if (form.classList.contains("moves")) speeds(event.submitter);
  } catch {
    location.reload();
  }
});

// The page that is shown, and asked for again, from now on.
function go(url) {
  const to = new URL(url);
  to.searchParams.delete("trouble");
  address = to.href;
  history.replaceState(null, "", address);
}

document.getElementById("talk").addEventListener("click", async (event) => {
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const url = new URL(link.href);
  url.hash = "";
  try {
    go(await ask(url.href));
    document.getElementById("stored").scrollIntoView({ block: "nearest" });
  } catch {
    location.assign(link.href);
  }
});

function speeds(pressed) {
  if (pressed?.name !== "speed") return;
  for (const button of pressed.parentElement.querySelectorAll("button")) {
    button.classList.toggle("on", button === pressed);
    button.setAttribute("aria-pressed", String(button === pressed));
  }
}

let typing;
document.getElementById("q").addEventListener("input", (event) => {
  clearTimeout(typing);
  typing = setTimeout(() => {
    const url = new URL(address);
    url.searchParams.set("q", event.target.value);
    go(url.href);
    ask(address).catch(() => {});
  }, 200);
});

setInterval(() => {
  if (document.visibilityState === "visible" && !sending) ask(address).catch(() => {});
}, LOOK);
