// Searches while typing. A badge typed by a handheld scanner is not searched for: its Enter sends the form.

const TYPING_MS = 150; // a handheld scanner leaves shorter gaps between its keys
const LONGEST = 60; // the codes of badges are longer, and never become part of an address
const SHORTEST = 2; // a single letter finds everybody, except in scripts where it is a word

const form = document.querySelector("[data-desk-search]");
const field = form.elements.q;
const results = document.querySelector("#desk-results");
let timer = 0;
let running = null;
let shown = field.value.trim();

field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(search, TYPING_MS);
});
form.addEventListener("submit", () => {
  clearTimeout(timer);
  running?.abort();
});
field.select();

async function search() {
  const q = field.value.trim();
  const isShort = q.length < SHORTEST && /^[\x20-\x7e]*$/.test(q);
  if (q === shown || q.length > LONGEST || isShort) return;
  running?.abort();
  running = new AbortController();
  results.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(`${form.dataset.results}?q=${encodeURIComponent(q)}`, { signal: running.signal });
    if (!answer.ok || answer.redirected) return; // Enter still searches, and shows what is wrong
    const part = new DOMParser().parseFromString(await answer.text(), "text/html");
    results.replaceChildren(...document.adoptNode(part.body).childNodes);
    shown = q;
    history.replaceState(null, "", `${form.dataset.page}?q=${encodeURIComponent(q)}`);
  } catch (error) {
    if (error.name !== "AbortError") results.setAttribute("aria-busy", "false");
    return;
  }
  results.setAttribute("aria-busy", "false");
}
