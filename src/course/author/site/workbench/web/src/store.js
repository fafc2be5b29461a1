// The learner's files in this browser: bytes by path in IndexedDB, each with a version, so that no
// tab overwrites what it has not seen.
import { createStore, promisifyRequest } from "idb-keyval";

// Somebody else (another tab) has saved these files since they were read.
export class Conflict extends Error {
  constructor(paths) {
    super(`changed elsewhere: ${paths.join(", ")}`);
    this.name = "Conflict";
    this.paths = paths;
  }
}

export class Store {
  // `name` is the database's: one for each site of an origin.
  constructor(name) {
    this.files = createStore(name, "files");
  }

  // Every file: path to {data, version}; `data` is null where it was removed.
  async all() {
    return this.files("readonly", async (files) => {
      const [paths, entries] = await Promise.all([
        promisifyRequest(files.getAllKeys()),
        promisifyRequest(files.getAll()),
      ]);
      return new Map(paths.map((path, i) => [path, entries[i]]));
    });
  }

  // Save all of some files, or none: [path, data, version that was read (0 for none)]. Returns the
  // new versions by path. Throws Conflict, or what the browser says, such as QuotaExceededError.
  async save(changes) {
    return this.files("readwrite", (files) => {
      const { transaction } = files;
      const versions = new Map();
      const changed = [];
      return new Promise((resolve, reject) => {
        transaction.oncomplete = () => resolve(versions);
        transaction.onerror = () => reject(transaction.error);
        transaction.onabort = () =>
          reject(changed.length ? new Conflict(changed) : transaction.error);
        let unread = changes.length;
        for (const [path, , version] of changes) {
          const request = files.get(path);
          request.onsuccess = () => {
            const now = request.result?.version ?? 0;
            if (now !== version) changed.push(path);
            versions.set(path, now + 1);
            unread -= 1;
            if (unread === 0 && changed.length) transaction.abort();
            else if (unread === 0) {
              for (const [name, data] of changes) {
                files.put({ data, version: versions.get(name) }, name);
              }
            }
          };
        }
      });
    });
  }
}
