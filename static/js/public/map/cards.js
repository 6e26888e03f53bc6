// Shows the card of a booth that is tapped or found, and keeps it in the address.

const NAMESPACE = "http://www.w3.org/2000/svg";

export function enableCards(frame, view) {
  const svg = frame.querySelector("svg");
  const card = document.querySelector("[data-map-card]");
  let chosen = svg.querySelector("[data-map-chosen]");

  /** Marks a booth and brings it into view. */
  function mark(booth, isCentred) {
    const outline = booth.querySelector("path");
    if (!chosen) {
      chosen = document.createElementNS(NAMESPACE, "path");
      chosen.setAttribute("class", "map-chosen");
      svg.append(chosen);
    }
    chosen.setAttribute("d", outline.getAttribute("d"));
    if (isCentred) centre(chosen);
  }

  function centre(path) {
    const box = path.getBBox();
    view.showPoint(box.x + box.width / 2, box.y + box.height / 2);
  }

  async function show(booth, isCentred = false) {
    mark(booth, isCentred);
    const address = new URL(location.href);
    address.searchParams.set("booth", booth.dataset.code);
    history.replaceState(null, "", address);
    const url = frame.dataset.boothUrl.replace(/-$/, encodeURIComponent(booth.dataset.code));
    const response = await fetch(url).catch(() => null);
    if (!response?.ok) return location.assign(booth.getAttribute("href"));
    card.innerHTML = await response.text();
    card.hidden = false;
    const goal = document.querySelector("[data-route-to]");
    if (goal) goal.value = `${frame.dataset.hall}/${booth.dataset.code}`;
  }

  svg.addEventListener("click", (event) => {
    const booth = event.target.closest(".map-booth");
    if (!booth || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(booth);
  });
  // Results and lists link to booths; those of this hall need no new page.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || svg.contains(link) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const url = new URL(link.href);
    const code = url.searchParams.get("booth");
    if (!code || url.pathname !== location.pathname) return;
    const booth = svg.querySelector(`[data-code="${CSS.escape(code)}"]`);
    if (!booth) return;
    event.preventDefault();
    show(booth, true);
    frame.scrollIntoView({ block: "nearest" });
  });
  card.addEventListener("click", (event) => {
    const link = event.target.closest("[data-set-route]");
    const field = link && document.querySelector(`[data-route-${link.dataset.setRoute}]`);
    if (!field) return;
    event.preventDefault();
    field.value = link.dataset.value;
    const other = document.querySelector(link.dataset.setRoute === "to" ? "[data-route-from]" : "[data-route-to]");
    if (other.value === field.value) other.value = "";
    (other.value ? field : other).focus();
  });
  if (chosen) centre(chosen);
}
