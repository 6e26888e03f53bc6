// This browser as a device of the door, put together: what it stores, its clock, its connection, and its scanner.

import { Api } from "./api.js";
import { Clock } from "./clock.js";
import { Connection } from "./connection.js";
import { findSession, isOver, registerDevice, wipeDevice } from "./device.js";
import { fill, formatTime, texts } from "./page_data.js";
import { Scanner, isDisagreement } from "./scanner.js";
import { openStore } from "./store.js";
import { Sync } from "./sync.js";

// Devices whose scans may override a refusal; the server checks this again.
const FORCING_PROFILES = ["supervisor", "desk"];
const WARNING_MS = 24 * 3_600_000;

export class Station {
  clock = new Clock();
  scanner = null; // once the door's data is here
  device = null;
  store = null;
  sync = null;
  corrections = 0;
  isDevice = null; // until that is known

  // `events`: onChange(), onCorrection(scan, shown), onConfirmation(scan, shown), onWiped(), onRejected(scan).
  constructor({ data, checkpoint, events }) {
    Object.assign(this, { data, checkpoint, events, session: data.session });
    this.connection = new Connection(() => events.onChange());
  }

  // Resolves to whether this browser works as a device. Its data may still be on the way.
  async open() {
    this.isDevice = await this.#open();
    this.events.onChange();
    return this.isDevice;
  }

  async #open() {
    this.store = canReadRecords() ? await openStore() : null;
    this.device = (await this.store?.get("device")) ?? null;
    const session = findSession(this.data).then((found) => this.#useSession(found));
    // A device works at once; without one, the session comes first.
    if (!this.device) await session;
    if (this.store && !this.device && this.session) {
      this.device = await registerDevice(this.store, this.session, this.data);
    }
    if (!this.device) return false;
    navigator.storage?.persist?.().catch(() => {});
    const snapshot = await this.store.get("snapshot");
    const settings = await this.store.get("settings");
    this.clock.skewMs = settings?.skew_ms ?? 0;
    this.#layouts = await fetch(this.data.layouts_url).then((answer) => answer.json(), () => []);
    this.api = new Api(this.device.token, (milliseconds) => this.connection.note(milliseconds));
    const { api, store, clock, connection, checkpoint } = this;
    const version = await installedVersion();
    this.sync = new Sync({ api, store, clock, connection, version, checkpoint, snapshot, events: this.#syncEvents() });
    if (this.device.left_at) this.sync.leave(this.device.left_at);
    if (snapshot) await this.#useData(snapshot, this.clock.now());
    this.sync.now();
    return true;
  }

  #layouts = [];

  // Another person's device is emptied first: what it has seen is not theirs.
  async #useSession(session) {
    this.session = session;
    const owner = this.device?.owner;
    if (session && owner && owner !== session.owner) {
      await this.wipe({ keepsQueue: true, stays: true });
      location.reload();
    } else if (session && owner && this.device.session_ends_at !== session.ends_at) {
      await this.#noteDevice({ session_ends_at: session.ends_at }).catch(() => {});
    }
    this.events.onChange();
  }

  #syncEvents() {
    return {
      onCheckpoints: (checkpoints) => { this.device.checkpoints = checkpoints; },
      onChange: () => this.events.onChange(),
      onData: (snapshot) => this.#useData(snapshot, snapshot.as_of),
      onAnswer: (scan, answer) => this.#noteAnswer(scan, answer),
      onRejected: (scan) => this.events.onRejected(scan),
      onLeaving: (since) => this.#leave(since),
      onRevoked: (options) => this.wipe(options),
    };
  }

  // Deletes the door's data on a device that was revoked, which goes on to send what it holds.
  async #leave(since) {
    this.scanner = null;
    this.sync.snapshot = null;
    this.device = { ...this.device, left_at: since };
    await this.store.wipe({ keepsQueue: true, device: this.device });
    this.events.onChange();
  }

  // Uses the door's data; `now` is the server's time if it has just sent it.
  async #useData(snapshot, now) {
    if (isOver(snapshot, now)) return this.#end();
    if (this.device.is_over) await this.#noteDevice({ is_over: false }); // the expo was extended, or the clock was wrong
    const unsent = await this.sync.listUnsent();
    if (!this.scanner) {
      const { store, sync, clock, connection } = this;
      this.scanner = new Scanner({
        store, sync, clock, connection, layouts: this.#layouts, mayForce: this.mayForce,
        onCorrection: (scan, shown) => this.#correct(scan, shown),
        onConfirmation: (scan, shown) => this.events.onConfirmation(scan, shown),
      });
    }
    this.sync.snapshot = snapshot;
    // The server's numbers do not contain what it has not received.
    for (const scan of unsent) if (scan.counted) this.scanner.count(scan.counted, 1);
    await this.store.put("settings", { skew_ms: this.clock.skewMs }).catch(() => {});
    document.documentElement.dataset.snapshot = snapshot.cursor;
    this.events.onChange();
  }

  // Deletes the door's data once the expo is over, even on a page that stays open without a network.
  async endIfOver() {
    const snapshot = this.sync?.snapshot;
    if (this.scanner && snapshot && isOver(snapshot, this.clock.now())) await this.#end();
  }

  // Nothing of the expo stays here, except scans that the server does not have until they are sent.
  async #end() {
    this.scanner = null;
    this.sync.snapshot = null;
    if (!(await this.sync.listUnsent()).some((each) => !each.isRejected)) return this.wipe();
    this.device = { ...this.device, is_over: true };
    await this.store.wipe({ keepsQueue: true, device: this.device });
    this.events.onChange();
  }

  async #noteDevice(noted) {
    this.device = { ...this.device, ...noted };
    await this.store.put("device", this.device);
  }

  get mayForce() {
    return FORCING_PROFILES.includes(this.device?.profile) || Boolean(this.session?.may_force);
  }

  // Whether the organizers let this device scan at its checkpoint; a device without a list may scan at all.
  get mayScanHere() {
    const { checkpoints } = this.device ?? {};
    return !checkpoints?.length || !this.checkpoint || checkpoints.includes(this.checkpoint);
  }

  // Whether this device itself may override a refusal; otherwise the signed-in person does, online.
  get forcesItself() {
    return FORCING_PROFILES.includes(this.device?.profile);
  }

  // A scan made offline was answered. What was decided here has happened; a disagreement is shown in the list.
  async #noteAnswer(scan, answer) {
    if (!scan.decided || !isDisagreement(scan, answer)) return;
    this.#correct(scan, this.scanner.describe(scan, answer));
  }

  async #correct(scan, shown) {
    this.corrections += 1;
    await this.store.noteInHistory(scan.scan_id, { corrected: shown.word }).catch(() => {});
    this.events.onCorrection(scan, shown);
    this.events.onChange();
  }

  // Returns what the strip shows.
  async status() {
    const { sync, store, clock, connection } = this;
    const unsent = sync ? await sync.countUnsent() : 0;
    const problems = [];
    if (this.isDevice === false) problems.push(store ? texts.no_device : texts.online_only);
    if (!this.mayScanHere) problems.push(texts.not_allowed);
    if (sync?.hasUnstored) problems.push(texts.unstored);
    else if (store?.isFull) problems.push(sync?.snapshot ? texts.storage_full : texts.storage_full_at_first);
    problems.push(...this.#endOfSession());
    if (this.device?.left_at) problems.push(texts.revoked);
    else if (this.device?.is_over) problems.push(texts.over);
    else if (sync && !sync.snapshot && !store.isFull) problems.push(texts.loading);
    return { state: connection.state, age: sync?.snapshot && this.scanner ? this.scanner.age : null, unsent, problems, skewMs: clock.isWrong ? clock.skewMs : 0 };
  }

  // How many people are inside the zone of this checkpoint, as far as this device knows; null if there is no limit.
  get room() {
    const { checkpoints = [], zones = [] } = (this.scanner && this.sync?.snapshot) ?? {};
    const here = checkpoints.find((each) => each.code === this.checkpoint);
    const zone = zones.find((each) => each.code === here?.zone);
    return zone?.capacity == null ? null : { inside: Math.max(0, zone.inside), capacity: zone.capacity };
  }

  // A steward's own browser works as long as they are signed in: they learn in good time when that ends.
  #endOfSession() {
    const ends = this.device?.owner && Date.parse(this.device.session_ends_at ?? "");
    const left = ends - this.clock.now();
    if (!ends || left > WARNING_MS || this.device.left_at) return [];
    if (left <= 0) return [texts.sign_in_ended];
    const zone = this.sync?.snapshot?.edition.time_zone ?? this.data.time_zone;
    return [fill(texts.sign_in_ends, { time: formatTime(ends, zone) })];
  }

  // Sends what is unsent, if it can, and deletes everything else before this device moves to another server. Scans that
  // stay here are sent once the scanner of this server is opened again.
  async leave() {
    await this.sync.now();
    this.sync.stop();
    this.scanner = null;
    if (await this.sync.countUnsent()) await this.store.wipe({ keepsQueue: true, device: this.device });
    else await this.wipe({ stays: true });
  }

  // Deletes everything that this browser keeps of the door; with `keepsQueue`, all but the unsent scans. With `stays`
  // the caller leads to the next page.
  async wipe({ keepsQueue = false, stays = false } = {}) {
    this.sync?.stop();
    this.scanner = null;
    if (this.store) await wipeDevice(this.store, { keepsQueue }).catch((error) => console.error(error));
    if (!stays) this.events.onWiped();
  }
}

// Whether this browser can decrypt and decompress records: not without HTTPS, nor if it is older than 2023.
function canReadRecords() {
  try {
    return Boolean(globalThis.crypto?.subtle && new DecompressionStream("deflate-raw"));
  } catch {
    return false;
  }
}

// Returns the version of the page that the service worker serves; empty before it is installed.
async function installedVersion() {
  const names = await globalThis.caches?.keys() ?? [];
  return names.findLast((name) => name.startsWith("expo-door "))?.split(" ").at(-1) ?? "";
}
