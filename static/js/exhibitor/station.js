// What both scanners of an exhibitor have in common: the queue on this device, the strip, and reading badges.

import { Clock } from "../door/clock.js";
import { Connection } from "../door/connection.js";
import { tokenReadings } from "../door/keyboards.js";
import { byId, data, scope, texts } from "../door/page_data.js";
import { newId } from "../door/scan.js";
import { showStatus } from "../door/strip.js";
import { verifyText } from "../door/token.js";
import { openStore } from "./store.js";
import { Sync } from "./sync.js";

const REPEAT_MS = 3000;
const SHORT_CODE = 20;

export class Station {
  clock = new Clock();
  connection = new Connection(() => this.showState());
  sync = null;
  store = null;
  #company = decodeURIComponent(location.pathname.slice(scope.length).split("/")[0]);
  #path = "";
  #showing = 0;
  #layouts = [];
  #lastSeen = new Map(); // by badge text

  // Opens the queue of the page `path` below the company's address. `onAnswer(entry, answer)` is what the server says.
  async open({ path, back, onAnswer }) {
    this.#path = path;
    const root = `${scope}${encodeURIComponent(this.#company)}`;
    byId("back").href = `${root}/${back}`;
    this.#showTime();
    setInterval(() => this.#showTime(), 5000);
    document.addEventListener("visibilitychange", () => document.hidden && this.showState());
    this.store = await openStore();
    navigator.storage?.persist?.().catch(() => {});
    this.sync = new Sync({
      company: this.#company, path, url: `${root}/${path}`, store: this.store, clock: this.clock, connection: this.connection,
      events: { onChange: () => this.showState(), onAnswer },
    });
    this.#layouts = await fetch(data.layouts_url).then((answer) => answer.json(), () => []);
    await this.sync.open();
  }

  get booth() {
    return this.sync?.booth ?? null;
  }

  get isOffline() {
    return !navigator.onLine || this.connection.state === "offline";
  }

  // A badge held in front of the camera is scanned once; it counts again after three seconds out of view.
  isRepeat(text) {
    const now = performance.now();
    for (const [each, seen] of this.#lastSeen) if (now - seen >= REPEAT_MS) this.#lastSeen.delete(each);
    const repeats = this.#lastSeen.has(text);
    this.#lastSeen.set(text, now);
    return repeats;
  }

  // Resolves to what a scan is of, { token } or { code }, or to { problem } with the reason why it cannot be used.
  async read(text, keys = "") {
    if (!this.booth) return { problem: "not_ready" };
    if (text.length >= SHORT_CODE || keys.length >= SHORT_CODE) return this.#verify(text, keys);
    // A short code has no signature: only the server knows it.
    return this.isOffline ? { problem: "code_offline" } : { code: text };
  }

  async #verify(text, keys) {
    const { keys: publicKeys, edition } = this.booth;
    const first = await verifyText(text, publicKeys, edition);
    if (first.token) return { token: text.trim().toUpperCase() };
    for (const typed of [keys, text]) {
      for (const reading of tokenReadings(typed, this.#layouts)) {
        const read = await verifyText(reading, publicKeys, edition);
        if (read.token) return { token: reading };
        if (read.distrust === "wrong_edition") return { problem: "other_edition" };
      }
    }
    return { problem: { unknown_token: "unreadable", bad_signature: "forged", wrong_edition: "other_edition" }[first.distrust] };
  }

  // Returns a scan of { token } or { code }, as it is stored.
  newEntry(what) {
    const made = this.clock.now();
    return { scan_id: newId(), company: this.#company, path: this.#path, owner: this.booth.owner, made, changed: made, note: null, rating: null, answers: null, ...what };
  }

  async showState() {
    if (!this.sync) return;
    const { sync, store, clock } = this;
    const { booth } = sync;
    this.#showing += 1;
    const turn = this.#showing;
    const unsent = (await sync.listUnsent()).length;
    if (turn !== this.#showing) return; // a later call shows what is true by now
    const problems = [];
    if (sync.isSignedOut) problems.push(texts.signed_out);
    if (sync.problem) problems.push(sync.problem);
    if (!store.isLasting) problems.push(texts.online_only);
    showStatus({ state: this.connection.state, age: null, unsent, problems, corrections: 0, skewMs: clock.isWrong ? clock.skewMs : 0 });
    byId("place-name").textContent = booth?.name ?? "";
    document.documentElement.dataset.unsent = String(unsent);
    if (booth) document.documentElement.dataset.booth = "ready";
  }

  #showTime() {
    byId("clock").textContent = new Date(this.clock.now()).toLocaleTimeString(data.language, { hour: "2-digit", minute: "2-digit", timeZone: data.time_zone });
  }
}

// Says clearly that nothing was saved, and why.
export function showRefusal(word, advice, tone = "ask") {
  byId("refused").dataset.tone = tone;
  byId("refused-word").textContent = word;
  byId("refused-advice").textContent = advice;
  byId("refused").hidden = false;
  byId("refused-next").focus();
}
