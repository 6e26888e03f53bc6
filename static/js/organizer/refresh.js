// Keeps the live parts of a page current: polls its content while the page is visible, and replaces what changed.

import { drawCharts } from "../kit/charts.js";

const page = document.querySelector("[data-refresh-url]");
const shown = new Map(piecesOf(page).map((piece) => [piece.dataset.piece, markup(piece)])); // markup as sent by the server
const MAX_WAIT_MS = 20_000;
let version = ""; // the ETag of the content shown
const { dataset } = document.documentElement;

function piecesOf(root) {
  return [...root.querySelectorAll("[data-piece]")];
}

// Drawn charts add elements to a piece; they are removed to compare it with what the server sent.
function markup(piece) {
  const copy = piece.cloneNode(true);
  for (const drawn of copy.querySelectorAll("[data-chart] > :not(script)")) drawn.remove();
  return copy.innerHTML.replace(/\s+/g, " ");
}

async function refresh() {
  if (document.hidden || dataset.refresh === "asking") return;
  dataset.refresh = "asking";
  try {
    const answer = await fetch(page.dataset.refreshUrl, {
      headers: { "HX-Request": "true", ...(version && { "If-None-Match": version }) },
      redirect: "manual",
      signal: AbortSignal.timeout(MAX_WAIT_MS),
    });
    if (answer.status === 200) {
      version = answer.headers.get("ETag") ?? "";
      replaceChanged(new DOMParser().parseFromString(await answer.text(), "text/html"));
    }
    document.dispatchEvent(new Event([200, 304].includes(answer.status) ? "refreshed" : "refresh-failed"));
  } catch {
    // Network error: keep what is shown; the next poll retries.
    document.dispatchEvent(new Event("refresh-failed"));
  } finally {
    dataset.refresh = "ready";
  }
}

function replaceChanged(answer) {
  for (const fresh of piecesOf(answer)) {
    const name = fresh.dataset.piece;
    const text = markup(fresh);
    const piece = page.querySelector(`[data-piece="${name}"]`);
    // A piece is not replaced while somebody is using it: it has the focus, or something in it is being pressed.
    if (!piece || shown.get(name) === text || piece.contains(document.activeElement) || piece.matches(":active")) continue;
    const open = [...piece.querySelectorAll("details")].map((each) => each.open);
    piece.replaceChildren(...document.adoptNode(fresh).childNodes);
    piece.querySelectorAll("details").forEach((each, at) => { each.open = open[at] ?? false; });
    drawCharts(piece.querySelectorAll("[data-chart]"));
    shown.set(name, text);
  }
}

setInterval(refresh, page.dataset.seconds * 1000);
document.addEventListener("visibilitychange", refresh);
dataset.refresh = "ready";
