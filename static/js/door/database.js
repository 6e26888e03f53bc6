// A small wrapper that makes IndexedDB return promises.

const LONGEST_OPENING_MS = 10_000;

// Opens a database and creates the object stores that `stores` names: { name: { keyPath, … } }.
export function openDatabase(name, version, stores) {
  return new Promise((resolve, reject) => {
    if (!globalThis.indexedDB) return reject(new Error("IndexedDB is missing"));
    const request = indexedDB.open(name, version);
    setTimeout(() => reject(new Error("IndexedDB does not answer")), LONGEST_OPENING_MS);
    request.onupgradeneeded = () => {
      for (const [store, { indexes = {}, ...options }] of Object.entries(stores)) {
        if (request.result.objectStoreNames.contains(store)) continue;
        const made = request.result.createObjectStore(store, options);
        for (const [index, path] of Object.entries(indexes)) made.createIndex(index, path);
      }
    };
    request.onsuccess = () => {
      // Another tab with a newer version of this page must be able to change the stores.
      request.result.onversionchange = () => request.result.close();
      resolve(new Database(request.result));
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("another tab holds an older version"));
  });
}

export function deleteDatabase(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
    request.onblocked = () => resolve(); // deleted as soon as the other tab closes
  });
}

export class Database {
  #database;

  constructor(database) {
    this.#database = database;
  }

  close() {
    this.#database.close();
  }

  // Calls `work` with the object stores of one transaction; resolves to its result once everything is stored.
  // `work` must not wait for anything but requests of these stores.
  write(names, work, options) {
    return this.#run(names, "readwrite", work, options);
  }

  read(names, work) {
    return this.#run(names, "readonly", work);
  }

  #run(names, mode, work, options) {
    return new Promise((resolve, reject) => {
      const transaction = this.#database.transaction(names, mode, options);
      let result;
      transaction.oncomplete = () => resolve(result);
      transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
      const stores = names.map((name) => transaction.objectStore(name));
      Promise.resolve(work(...stores)).then(
        (value) => { result = value; },
        (error) => {
          try { transaction.abort(); } catch { /* it has already ended */ }
          reject(error);
        },
      );
    });
  }
}

// Resolves to the result of a request.
export function resultOf(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
