// Tells what the numbers of a reading would come to while they are typed; nothing is stored.
"use strict";
(() => {
  const form = document.querySelector("form[data-sum]");
  if (!form) return;
  const told = form.querySelector("[data-foretold]");
  let waiting, asked = 0;
  const ask = async () => {
    const number = ++asked;
    const query = new URLSearchParams();
    for (const input of form.querySelectorAll("input.digits, #on")) if (input.value) query.set(input.name, input.value);
    try {
      const response = await fetch(`${form.dataset.sum}?${query}`, { headers: { Accept: "application/json" } });
      const said = response.ok ? await response.json() : { text: "", good: true };
      if (number !== asked) return;
      told.textContent = said.text;
      told.classList.toggle("doubted", !said.good);
    } catch { told.textContent = ""; }
  };
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 300); });
})();
