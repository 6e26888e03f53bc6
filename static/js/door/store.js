// What this device keeps: its token, the data of the door, unsent scans, the last scans, and settings.
// Names and companies are in `records`, each encrypted with a key that only its badge's code yields.

import { deleteDatabase, openDatabase, resultOf } from "./database.js";

export const DATABASE = "expo-door";
const VERSION = 1;
const STORES = {
  values: {}, // device, snapshot and settings, by name
  records: {}, // encrypted records, by badge id
  standings: { keyPath: ["id", "zone"] },
  queue: { keyPath: "scan_id", indexes: { made: "made" } },
  history: { keyPath: "scan_id", indexes: { made: "made" } },
};
export const SHOWN_SCANS = 50;
const ID_LENGTH = 12; // 9 bytes in base64url

// Opens the store, or returns null where the browser refuses it (private mode, storage switched off).
export async function openStore() {
  try {
    return new Store(await openDatabase(DATABASE, VERSION, STORES));
  } catch (error) {
    console.warn("Nothing can be stored on this device:", error);
    return null;
  }
}

export function deleteStore() {
  return deleteDatabase(DATABASE);
}

export class Store {
  #database;
  // The names in the list of last scans, by scan id. Only in memory: a lost phone must not tell who came.
  #names = new Map();
  isFull = false;

  constructor(database) {
    this.#database = database;
  }

  close() {
    this.#database.close();
  }

  // A named value: `device`, `snapshot`, `settings`.
  get(name) {
    return this.#database.read(["values"], (values) => resultOf(values.get(name)));
  }

  put(name, value) {
    return this.#write(["values"], (values) => { values.put(value, name); });
  }

  // Replaces (`whole`) or updates records and standings together with the snapshot that they belong to. A standing
  // with an unsent scan of this device stays: the server learns of it later, and then sends it again.
  saveSnapshot(snapshot, { whole, records, removed, standings }) {
    return this.#write(["values", "records", "standings", "queue"], async (values, boxes, stands, queue) => {
      const unsent = new Set((await resultOf(queue.getAll())).map((scan) => scan.badge).filter(Boolean));
      if (whole) {
        boxes.clear();
        const old = unsent.size ? await resultOf(stands.getAll()) : [];
        stands.clear();
        for (const each of old) if (unsent.has(each.id)) stands.put(each);
      }
      for (const box of records) boxes.put(box.slice(ID_LENGTH), box.slice(0, ID_LENGTH));
      for (const id of removed) boxes.delete(id);
      for (const [which, ...row] of standings) {
        const id = typeof which === "number" ? records[which].slice(0, ID_LENGTH) : which;
        if (!unsent.has(id)) stands.put(standingOf(id, row));
      }
      values.put(snapshot, "snapshot");
    });
  }

  // Returns the encrypted record and the standings, by zone, of a badge.
  findBadge(id) {
    return this.#database.read(["records", "standings"], async (boxes, stands) => {
      const [box, rows] = await Promise.all([
        resultOf(boxes.get(id)),
        resultOf(stands.getAll(IDBKeyRange.bound([id], [id, []]))),
      ]);
      return { box, standings: Object.fromEntries(rows.map((each) => [each.zone, each])) };
    });
  }

  // Stores a scan before its verdict is shown: the scan itself, where its holder is now, and the list of last scans.
  addScan(scan, standings, { name, ...entry }) {
    this.#names.set(scan.scan_id, name);
    return this.#write(["queue", "standings", "history"], async (queue, stands, history) => {
      queue.put(scan);
      for (const each of standings) stands.put(each);
      history.put(entry);
      const keys = await resultOf(history.index("made").getAllKeys());
      for (const key of keys.slice(0, Math.max(0, keys.length - SHOWN_SCANS))) history.delete(key);
    });
  }

  // Stores a scan for which there was no room when it was made.
  addToQueue(scan) {
    return this.#write(["queue"], (queue) => { queue.put(scan); });
  }

  // Stores the undoing of a scan as another scan to be sent.
  addUndo(undo) {
    return this.#write(["queue", "history"], async (queue, history) => {
      queue.put(undo);
      const entry = await resultOf(history.get(undo.undoes));
      if (entry) history.put({ ...entry, isUndone: true });
    });
  }

  // Removes scans that the server answered, and notes its verdicts in the list of last scans.
  finishScans(answers) {
    return this.#write(["queue", "history"], async (queue, history) => {
      for (const { scan_id, ...noted } of answers) {
        queue.delete(scan_id);
        const entry = await resultOf(history.get(scan_id));
        if (entry) history.put({ ...entry, ...noted, isSent: true });
      }
    });
  }

  // Keeps a scan that the server does not accept, without sending it again.
  rejectScan(scan) {
    return this.#write(["queue"], (queue) => { queue.put({ ...scan, isRejected: true }); });
  }

  // Puts a badge's standings back to what they were before a scan.
  restoreStandings(id, standings) {
    return this.#write(["standings"], (stands) => {
      stands.delete(IDBKeyRange.bound([id], [id, []]));
      for (const each of standings) stands.put(each);
    });
  }

  noteInHistory(scan_id, noted) {
    return this.#write(["history"], async (history) => {
      const entry = await resultOf(history.get(scan_id));
      if (entry) history.put({ ...entry, ...noted });
    });
  }

  // Returns the unsent scans, oldest first.
  listQueue() {
    return this.#database.read(["queue"], (queue) => resultOf(queue.index("made").getAll()));
  }

  countQueue() {
    return this.#database.read(["queue"], (queue) => resultOf(queue.count()));
  }

  // Returns the last scans, newest first.
  async listHistory() {
    const entries = await this.#database.read(["history"], (history) => resultOf(history.index("made").getAll()));
    return entries.reverse().map((each) => ({ ...each, name: this.#names.get(each.scan_id) ?? "" }));
  }

  // Deletes everything that this device keeps, except scans that the server does not have if `keepsQueue`, and what is
  // to be known of the `device`, if it is given.
  async wipe({ keepsQueue = false, device = null } = {}) {
    const names = Object.keys(STORES).filter((name) => !(keepsQueue && name === "queue"));
    this.#names.clear();
    await this.#database.write(names, (...stores) => {
      for (const each of stores) each.clear();
      if (device) stores[names.indexOf("values")].put(device, "device");
    });
  }

  async #write(names, work) {
    try {
      // Flushed to the disk: a phone whose battery dies must not lose what its steward has already decided.
      const result = await this.#database.write(names, work, { durability: "strict" });
      this.isFull = false;
      return result;
    } catch (error) {
      if (error?.name === "QuotaExceededError") this.isFull = true;
      throw error;
    }
  }
}

function standingOf(id, [zone, isInside, entries, entriesToday, enteredAt, leftAt, asOf]) {
  const iso = (milliseconds) => (milliseconds === null ? null : new Date(milliseconds).toISOString());
  return {
    id, zone, is_inside: Boolean(isInside), entries, entries_today: entriesToday, entered_at: iso(enteredAt),
    left_at: iso(leftAt), as_of: iso(asOf ?? Math.max(enteredAt ?? 0, leftAt ?? 0)),
  };
}
