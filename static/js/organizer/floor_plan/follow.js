// Shows what others change: the server is asked whether anything is different, and says what and by whom. Nothing is
// taken over in the middle of a gesture, or while changes made here are on their way.

import { showConnection, showNews, showState, takeOver } from "./changes.js";
import { editor, model, texts, urls } from "./model.js";

const PAUSE = 1_000;
let isAsking = false;
let wasOffline = false;

export function follow() {
  setInterval(ask, PAUSE);
  document.addEventListener("visibilitychange", ask);
}

async function ask() {
  if (isAsking || document.hidden || model.waiting || model.isBusy) return;
  isAsking = true;
  try {
    const query = new URLSearchParams({ since: model.mark, editor });
    const response = await fetch(`${urls.state}?${query}`, { headers: { Accept: "application/json" }, redirect: "manual" });
    if (response.type === "opaqueredirect" || response.status === 401) return showState(texts.signedOut, true);
    if (wasOffline && response.ok) showConnection(false);
    wasOffline = false;
    if (response.status !== 200) return;
    const state = await response.json();
    // The mark is kept as it was, so that the next answer has the same news.
    if (model.waiting || model.isBusy) return;
    takeOver(state);
    showNews(state.news);
  } catch {
    wasOffline = true;
    showConnection(true);
  } finally {
    isAsking = false;
  }
}
