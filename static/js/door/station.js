// This browser as a device of the door, put together: what it stores, its clock, its connection, and its scanner.

import { Api } from "./api.js";
import { Clock } from "./clock.js";
import { Connection } from "./connection.js";
import { findDevice, isOver, wipeDevice } from "./device.js";
import { texts } from "./page_data.js";
import { Scanner, isDisagreement } from "./scanner.js";
import { openStore } from "./store.js";
import { Sync } from "./sync.js";

// Devices whose scans may override a refusal; the server checks this again.
const FORCING_PROFILES = ["supervisor", "desk"];

export class Station {
  clock = new Clock();
  scanner = null; // once the door's data is here
  device = null;
  store = null;
  sync = null;
  corrections = 0;

  // `events`: onChange(), onCorrection(scan, shown), onWiped(), onRejected(scan).
  constructor({ data, session, checkpoint, events }) {
    Object.assign(this, { data, session, checkpoint, events });
    this.connection = new Connection(() => events.onChange());
  }

  // Resolves to whether this browser works as a device. Its data may still be on the way.
  async open() {
    this.store = globalThis.crypto?.subtle ? await openStore() : null;
    if (!this.store) return false;
    navigator.storage?.persist?.().catch(() => {});
    this.device = await findDevice(this.store, this.session, this.data.device_url);
    if (!this.device) return false;
    const snapshot = await this.store.get("snapshot");
    const settings = await this.store.get("settings");
    this.clock.skewMs = settings?.skew_ms ?? 0;
    if (snapshot && isOver(snapshot, this.clock.now()) && !(await this.store.countQueue())) {
      await this.wipe();
      return false;
    }
    this.#layouts = await fetch(this.data.layouts_url).then((answer) => answer.json(), () => []);
    const api = new Api(this.device.token, (milliseconds) => this.connection.note(milliseconds));
    const { store, clock, connection, checkpoint } = this;
    const version = await installedVersion();
    this.sync = new Sync({ api, store, clock, connection, version, checkpoint, snapshot, events: this.#syncEvents() });
    if (snapshot) await this.#useData(snapshot);
    this.sync.now();
    return true;
  }

  #layouts = [];

  #syncEvents() {
    return {
      onChange: () => this.events.onChange(),
      onData: (snapshot) => this.#useData(snapshot),
      onAnswer: (scan, answer) => this.#noteAnswer(scan, answer),
      onRejected: (scan) => this.events.onRejected(scan),
      onRevoked: (options) => this.wipe(options),
    };
  }

  async #useData(snapshot) {
    if (!this.scanner) {
      const { store, sync, clock, connection } = this;
      this.scanner = new Scanner({
        store, sync, clock, connection, layouts: this.#layouts, mayForce: this.mayForce,
        onCorrection: (scan, shown) => this.#correct(scan, shown),
      });
    }
    this.sync.snapshot = snapshot;
    // The server's numbers do not contain what it has not received.
    for (const scan of await this.sync.listUnsent()) if (scan.counted) this.scanner.count(scan.counted, 1);
    await this.store.put("settings", { skew_ms: this.clock.skewMs }).catch(() => {});
    document.documentElement.dataset.snapshot = snapshot.cursor;
    this.events.onChange();
  }

  get mayForce() {
    return FORCING_PROFILES.includes(this.device?.profile) || Boolean(this.session?.may_force);
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
    const unsent = sync ? (await sync.listUnsent()).length : 0;
    const problems = [];
    if (store === null || (!this.device && !sync)) problems.push(texts.online_only);
    if (store?.isFull) problems.push(texts.storage_full);
    if (sync && !sync.snapshot) problems.push(texts.loading);
    return { state: connection.state, age: sync?.snapshot ? this.scanner.age : null, unsent, problems, skewMs: clock.isWrong ? clock.skewMs : 0 };
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

// Returns the version of the page that the service worker serves; empty before it is installed.
async function installedVersion() {
  const names = await globalThis.caches?.keys() ?? [];
  return names.findLast((name) => name.startsWith("expo-door "))?.split(" ").at(-1) ?? "";
}
