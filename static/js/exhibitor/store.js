// What this device keeps for the scanners: for each company its keys and questions, and the scans that the server does
// not have yet. A scan has no name: the device learns it only from the server, and keeps it no longer than the page is open.

import { openDatabase, resultOf } from "../door/database.js";

const DATABASE = "expo-leads";
const VERSION = 1;
const STORES = { booths: {}, entries: { keyPath: "scan_id", indexes: { made: "made" } } };

// Opens the store, or returns one in memory where the browser refuses it (private mode, storage switched off).
export async function openStore() {
  try {
    return new Store(await openDatabase(DATABASE, VERSION, STORES));
  } catch (error) {
    console.warn("Nothing can be stored on this device:", error);
    return new MemoryStore();
  }
}

class Store {
  isLasting = true;
  #database;

  constructor(database) {
    this.#database = database;
  }

  findBooth(company) {
    return this.#database.read(["booths"], (booths) => resultOf(booths.get(company)));
  }

  saveBooth(company, booth) {
    return this.#database.write(["booths"], (booths) => { booths.put(booth, company); });
  }

  // Flushed to the disk: a phone whose battery dies must not lose a lead.
  saveEntry(entry) {
    return this.#database.write(["entries"], (entries) => { entries.put(entry); }, { durability: "strict" });
  }

  // Removes an entry that the server has, unless it was changed since it was sent.
  finishEntry({ scan_id, changed }) {
    return this.#database.write(["entries"], async (entries) => {
      const stored = await resultOf(entries.get(scan_id));
      if (stored?.changed === changed) entries.delete(scan_id);
    });
  }

  // Returns the entries that the server does not have, oldest first.
  listEntries() {
    return this.#database.read(["entries"], (entries) => resultOf(entries.index("made").getAll()));
  }
}

class MemoryStore {
  isLasting = false;
  #booths = new Map();
  #entries = new Map();

  async findBooth(company) {
    return this.#booths.get(company);
  }

  async saveBooth(company, booth) {
    this.#booths.set(company, booth);
  }

  async saveEntry(entry) {
    this.#entries.set(entry.scan_id, entry);
  }

  async finishEntry({ scan_id, changed }) {
    if (this.#entries.get(scan_id)?.changed === changed) this.#entries.delete(scan_id);
  }

  async listEntries() {
    return [...this.#entries.values()];
  }
}
