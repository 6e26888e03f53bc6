// Lists matching booths and companies while somebody types; the server searches, so that typing errors are forgiven.

const PAUSE = 200;

export function enableSearch() {
  const form = document.querySelector("[data-map-search]");
  const found = document.querySelector("[data-map-found]");
  if (!form || !found) return;
  const field = form.elements.q;
  let timer = 0;
  let latest = 0;

  async function search() {
    const number = ++latest;
    const q = field.value.trim();
    if (!q) {
      found.hidden = true;
      return;
    }
    const response = await fetch(`${form.action}?${new URLSearchParams({ q, part: "1" })}`).catch(() => null);
    if (number !== latest || !response?.ok) return;
    found.innerHTML = await response.text();
    found.hidden = false;
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    search();
  });
  found.addEventListener("click", (event) => {
    if (event.target.closest("a")) found.hidden = true;
  });
}
