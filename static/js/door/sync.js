// Keeps this device and the server in step: the door's data to the device, its scans to the server, and a heartbeat.

import { Busy, NoAnswer, Rejected, Unauthorized } from "./api.js";
import { sendable } from "./scan.js";

const EVERY_MS = 10_000;
const HEARTBEAT_MS = 30_000;
const WAITS_MS = [1000, 2000, 4000, 8000, 15_000];
const WHOLE_TIMEOUT_MS = 120_000;
const LARGEST_CHUNK = 200;
const DELIVERS_MS = 24 * 3_600_000; // how long the server takes the scans of a revoked device

export class Sync {
  #timer = 0;
  #running = null;
  #failures = 0;
  #chunk = LARGEST_CHUNK;
  #heartbeatAt = -Infinity;
  #live = new Set(); // scans whose answer somebody at the door is waiting for
  #unstored = []; // scans for which the device has no room left
  #isStopped = false;
  #leftAt = null; // since when this device is revoked and only sends what it holds

  // `events`: onData(snapshot), onCheckpoints(codes), onAnswer(scan, answer), onRejected(scan, code), onLeaving(),
  // onRevoked({ keepsQueue }), onChange().
  constructor({ api, store, clock, connection, version, checkpoint, snapshot, events }) {
    Object.assign(this, { api, store, clock, connection, version, checkpoint, snapshot, events });
    window.addEventListener("online", () => this.now());
    document.addEventListener("visibilitychange", () => document.hidden || this.now());
  }

  stop() {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  // Only sends what is unsent, because this device was revoked at that moment.
  leave(since) {
    this.#leftAt = since;
  }

  // Synchronizes at once, or again after the one that is under way; resolves when that is done.
  async now() {
    if (this.#isStopped) return;
    clearTimeout(this.#timer);
    if (this.#running) await this.#running;
    this.#running ??= this.#run().finally(() => { this.#running = null; });
    await this.#running;
  }

  async #run() {
    clearTimeout(this.#timer);
    let wait = EVERY_MS;
    await this.#storeUnstored().catch(() => {});
    try {
      await this.#sendQueue();
      if (this.#leftAt === null) await this.#fetchData();
      if (this.#leftAt === null && performance.now() - this.#heartbeatAt >= HEARTBEAT_MS) await this.#sendHeartbeat();
      if (this.#leftAt !== null) await this.#finishLeaving();
      this.#failures = 0;
    } catch (error) {
      if (error instanceof Unauthorized && error.message === "device_revoked") await this.#hearRevocation();
      wait = this.#waitAfter(error);
    }
    if (!this.#isStopped) this.#timer = setTimeout(() => this.now(), wait);
    this.events.onChange();
  }

  #waitAfter(error) {
    const wait = WAITS_MS[Math.min(this.#failures, WAITS_MS.length - 1)];
    this.#failures += 1;
    // A steward who signed out elsewhere may sign in again and send what is left.
    if (error instanceof Unauthorized && error.message === "token_invalid") this.events.onRevoked({ keepsQueue: true });
    if (error instanceof Busy) {
      this.connection.noteBusy();
      return error.seconds ? error.seconds * 1000 : wait;
    }
    if (!(error instanceof NoAnswer || error instanceof Unauthorized)) console.error(error);
    return wait;
  }

  // Keeps a scan in memory until it is sent, because it could not be stored.
  holdUnstored(scan) {
    this.#unstored.push(scan);
  }

  // Tries again, because space may have been freed since.
  async #storeUnstored() {
    for (const scan of this.#unstored) {
      await this.store.addToQueue(scan);
      this.#unstored = this.#unstored.filter((each) => each !== scan);
    }
  }

  get hasUnstored() {
    return this.#unstored.length > 0;
  }

  async countUnsent() {
    return (await this.store.countQueue()) + this.#unstored.length;
  }

  // Returns the scans that the server has not answered, oldest first.
  async listUnsent() {
    return [...(await this.store.listQueue()), ...this.#unstored];
  }

  // Sends one scan that somebody is waiting for; resolves to its answer. If it fails, the scan stays in the queue.
  async confirm(scan) {
    this.#live.add(scan.scan_id);
    const done = () => { this.#live.delete(scan.scan_id); this.events.onChange(); };
    try {
      const { results, noted } = await this.#send([scan], { isLive: true });
      // Nobody waits for the disk: a scan whose answer is not noted is sent again, and counted once.
      noted.catch((error) => console.error(error)).then(done);
      const [{ answer, problem }] = results;
      if (problem) throw new Rejected(problem.code);
      return answer;
    } catch (error) {
      done();
      throw error;
    }
  }

  // Sends the unsent scans, oldest first. Parts get smaller while they are lost on the way.
  async #sendQueue() {
    for (;;) {
      const queue = (await this.listUnsent()).filter((each) => !each.isRejected && !this.#live.has(each.scan_id));
      if (!queue.length || this.#isStopped) return;
      const part = queue.slice(0, this.#chunk);
      try {
        const { results, noted } = await this.#send(part);
        await noted;
        for (const { scan, answer, problem } of results) {
          if (problem) this.events.onRejected(scan, problem.code);
          else this.events.onAnswer(scan, answer);
        }
        this.#chunk = Math.min(this.#chunk * 2, LARGEST_CHUNK);
      } catch (error) {
        if (error instanceof Rejected && part.length === 1) {
          await this.store.rejectScan(part[0]);
          this.events.onRejected(part[0], error.message);
        } else if (error instanceof Rejected || error instanceof NoAnswer) {
          this.#chunk = Math.max(1, Math.floor(part.length / 2));
          if (error instanceof NoAnswer) throw error;
        } else throw error;
      }
      this.events.onChange();
    }
  }

  // A scan leaves the queue only once its answer is here. One that the server cannot process stays, marked as such.
  // Resolves to the results, and when that is stored (`noted`).
  async #send(scans, { isLive = false } = {}) {
    const { answers } = await this.api.post("/scans/batch", { scans: scans.map((each) => sendable(each, { isLive })) });
    const byId = new Map(answers.map((each) => [each.scan_id, each]));
    const results = scans.map((scan) => ({ scan, ...byId.get(scan.scan_id) }));
    if (!results.every(({ answer, problem }) => answer || problem)) throw new NoAnswer("answers are missing");
    const answered = results.filter(({ answer }) => answer);
    this.#unstored = this.#unstored.filter((each) => !byId.has(each.scan_id));
    return { results, noted: this.#note(answered, results.filter(({ problem }) => problem)) };
  }

  async #note(answered, rejected) {
    await this.store.finishScans(answered.map(({ scan, answer }) => ({ scan_id: scan.scan_id, server: answer })));
    for (const { scan } of rejected) await this.store.rejectScan(scan);
  }

  async #fetchData() {
    const { cursor } = this.snapshot ?? {};
    const before = Date.now();
    const data = await this.api.get(`/door/snapshot${cursor ? `?since=${encodeURIComponent(cursor)}` : ""}`, {
      timeout: cursor ? undefined : WHOLE_TIMEOUT_MS,
    });
    this.clock.learn(data.server_time, before, Date.now());
    if (data.wipe) return this.#leave();
    const { records, removed, standings, whole, ...rest } = data;
    const snapshot = { ...rest, as_of: Date.parse(data.server_time) };
    await this.store.saveSnapshot(snapshot, { whole, records, removed, standings });
    this.snapshot = snapshot;
    this.events.onData(snapshot);
  }

  async #sendHeartbeat() {
    const battery = await navigator.getBattery?.().catch(() => null);
    const queue = await this.listUnsent();
    const before = Date.now();
    const answer = await this.api.post("/door/heartbeat", {
      battery: battery?.level ?? null,
      queue: queue.length,
      version: this.version,
      device_time: new Date(before).toISOString(),
      checkpoint: this.checkpoint,
      pending_oldest_at: queue.length ? new Date(queue[0].made).toISOString() : null,
    });
    this.#heartbeatAt = performance.now();
    this.clock.learn(answer.server_time, before, Date.now());
    if (answer.revoked || answer.wipe) return this.#leave();
    this.events.onCheckpoints(answer.checkpoints);
  }

  // The server wants this device emptied. Its data goes at once; unsent scans go once they are sent, or after a day.
  async #leave() {
    this.#leftAt = Date.now();
    await this.events.onLeaving(this.#leftAt);
  }

  async #hearRevocation() {
    if (this.#leftAt === null) {
      await this.#leave();
      await this.#finishLeaving();
    } else this.events.onRevoked({ keepsQueue: false }); // not even its scans are accepted any longer
  }

  async #finishLeaving() {
    const unsent = (await this.listUnsent()).filter((each) => !each.isRejected);
    if (!unsent.length || Date.now() - this.#leftAt > DELIVERS_MS) this.events.onRevoked({ keepsQueue: false });
  }
}
