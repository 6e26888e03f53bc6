// Keeps this device and the server in step: keys and questions to the device, scans to the server.

const EVERY_MS = 10_000;
const WAITS_MS = [1000, 2000, 4000, 8000, 15_000];
const BOOTH_MS = 60_000;
const TIMEOUT_MS = 8000;
const CHUNK = 50;
const LEADS = "leads/scan";
const EXPIRED = 400; // the form token of a page that stayed open all day

class NoAnswer extends Error {}

export class Sync {
  booth = null; // { owner, company, edition, keys, questions, csrf_token, … }
  isSignedOut = false;
  problem = ""; // why the server does not allow scanning at all
  #timer = 0;
  #running = null;
  #failures = 0;
  #boothAt = -Infinity;

  // `events`: onChange(), onAnswer(entry, answer).
  constructor({ company, path, url, store, clock, connection, events }) {
    Object.assign(this, { company, path, url, store, clock, connection, events });
    window.addEventListener("online", () => this.now());
    document.addEventListener("visibilitychange", () => document.hidden || this.now());
  }

  async open() {
    this.booth = (await this.store.findBooth(this.company)) ?? null;
    this.events.onChange();
    this.now();
  }

  // Returns the entries of this page, company and person that the server does not have. The first ones had no path.
  async listUnsent() {
    const entries = await this.store.listEntries();
    return entries.filter((each) => each.company === this.company && (each.path ?? LEADS) === this.path && each.owner === this.booth?.owner);
  }

  // Synchronizes at once, or again after the one that is under way; resolves when that is done.
  async now() {
    clearTimeout(this.#timer);
    if (this.#running) await this.#running;
    this.#running ??= this.#run().finally(() => { this.#running = null; });
    await this.#running;
  }

  async #run() {
    clearTimeout(this.#timer);
    let wait = EVERY_MS;
    try {
      if (performance.now() - this.#boothAt > BOOTH_MS) await this.#fetchBooth();
      if (!this.isSignedOut) await this.#sendQueue();
      this.#failures = 0;
    } catch (error) {
      if (!(error instanceof NoAnswer)) console.error(error);
      wait = WAITS_MS[Math.min(this.#failures, WAITS_MS.length - 1)];
      this.#failures += 1;
    }
    this.#timer = setTimeout(() => this.now(), wait);
    this.events.onChange();
  }

  async #fetchBooth() {
    const before = Date.now();
    const { status, body } = await this.#call(`${this.url}/booth`, {});
    if (status !== 200) return;
    this.clock.learn(body.server_time, before, Date.now());
    const { csrf_token, problem, ...booth } = body;
    this.problem = problem;
    await this.store.saveBooth(this.company, booth);
    this.booth = { ...booth, csrf_token };
    this.#boothAt = performance.now();
  }

  async #sendQueue() {
    for (;;) {
      const part = (await this.listUnsent()).filter((each) => !each.isRejected).slice(0, CHUNK);
      if (!part.length) return;
      const { status, body } = await this.#post(part);
      if (status !== 200) {
        this.problem = body?.message ?? "";
        return;
      }
      this.problem = "";
      const answers = new Map(body.answers.map((each) => [each.scan_id, each]));
      if (!part.every((each) => answers.has(each.scan_id))) throw new NoAnswer("answers are missing");
      for (const entry of part) {
        const answer = answers.get(entry.scan_id);
        // What the server cannot read stays on the device, marked as such.
        if (answer.outcome === "invalid") await this.store.saveEntry({ ...entry, isRejected: true });
        else await this.store.finishEntry(entry);
        this.events.onAnswer(entry, answer);
      }
      this.events.onChange();
    }
  }

  async #post(entries) {
    const send = () => this.#call(`${this.url}/scans`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.booth.csrf_token ?? "" },
      body: JSON.stringify({ scans: entries.map(sendable) }),
    });
    const sent = await send();
    if (sent.status !== EXPIRED) return sent;
    await this.#fetchBooth();
    return send();
  }

  async #call(url, { headers, ...init }) {
    const began = performance.now();
    let answer;
    let body;
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      answer = await fetch(url, { ...init, headers: { ...headers, Accept: "application/json" }, signal, cache: "no-store", redirect: "manual" });
      body = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
    } catch (error) {
      this.connection.note(null);
      throw new NoAnswer(String(error));
    }
    // A redirect leads to the sign-in page.
    this.isSignedOut = answer.type === "opaqueredirect";
    if (answer.status === 429 || answer.status >= 500) {
      this.connection.noteBusy();
      throw new NoAnswer(String(answer.status));
    }
    this.connection.note(performance.now() - began);
    return { status: answer.status, body };
  }
}

function sendable({ scan_id, token, keys, code, made, changed, note, rating, answers }) {
  return {
    scan_id, token, keys, code, note, rating, answers,
    scanned_at: new Date(made).toISOString(),
    changed_at: new Date(changed).toISOString(),
  };
}
