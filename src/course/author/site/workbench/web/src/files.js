// The learner's files as this tab has them. Every edit is saved at once; what another tab saves
// shows here too; where both have changed a file, the learner chooses, and the other is archived.
import { archiveOf } from "./archive.js";
import { Conflict } from "./store.js";
import { decode, encode } from "./text.js";

export class Files {
  #entries = new Map(); // path → {data, version, dirty}
  #unsent = new Set(); // what Python has not been given yet
  #saving = null;

  // `given` are the texts as given out, by path; `events` has replaced(path), state(state, error)
  // and conflict(path).
  constructor(store, channel, phase, given, events) {
    Object.assign(this, { store, channel, phase, given, events });
    channel.onmessage = () => this.refresh();
  }

  // Read what is kept; nothing of it is changed.
  async load() {
    await this.refresh();
    this.#unsent = new Set(this.#entries.keys());
  }

  // A file's text, as given out where nothing is kept of it; "" where it was removed.
  text(path) {
    const entry = this.#entries.get(path);
    if (!entry) return this.given[path] ?? "";
    return entry.data ? decode(entry.data) : "";
  }

  isGone(path) {
    return this.#entries.get(path)?.data === null;
  }

  get isDirty() {
    return [...this.#entries.values()].some((entry) => entry.dirty);
  }

  // Take a new text and save it; returns when it is saved, or could not be.
  edit(path, text) {
    const { version = 0 } = this.#entries.get(path) ?? {};
    this.#entries.set(path, { data: encode(text), version, dirty: true });
    this.#unsent.add(path);
    return this.save();
  }

  // Save what is not saved yet, in one transaction at a time.
  save() {
    this.#saving ??= this.#save().finally(() => (this.#saving = null));
    return this.#saving;
  }

  async #save() {
    while (this.isDirty) {
      const dirty = [...this.#entries].filter(([, entry]) => entry.dirty);
      this.events.state("saving");
      try {
        const versions = await this.store.save(dirty.map(([p, e]) => [p, e.data, e.version]));
        for (const [path, saved] of dirty) {
          const entry = this.#entries.get(path);
          entry.version = versions.get(path);
          entry.dirty = entry.data !== saved.data;
        }
        this.channel.postMessage("saved");
      } catch (error) {
        if (error instanceof Conflict) this.events.conflict(error.paths[0]);
        else this.events.state("failed", error);
        return;
      }
    }
    this.events.state("saved");
  }

  // Take what other tabs have saved, but for files that were changed here meanwhile.
  async refresh() {
    for (const [path, { data, version }] of await this.store.all()) {
      const mine = this.#entries.get(path);
      if (mine?.dirty || mine?.version === version) continue;
      this.#entries.set(path, { data, version, dirty: false });
      this.#unsent.add(path);
      this.events.replaced(path);
    }
  }

  // Settle a conflict: keep this tab's text or take the other's; the one that goes is archived.
  async settle(path, keepMine) {
    const theirs = (await this.store.all()).get(path);
    const mine = this.#entries.get(path);
    const [stays, goes] = keepMine ? [mine, theirs] : [theirs, mine];
    if (goes?.data) {
      const reason = "replaced by another tab";
      const copies = await archiveOf(this.phase, path, decode(goes.data), reason, new Date());
      for (const [name, data] of copies) {
        this.#entries.set(name, { data, version: 0, dirty: true });
        this.#unsent.add(name);
      }
    }
    const { version = 0 } = theirs ?? {};
    this.#entries.set(path, { data: stays.data, version, dirty: keepMine });
    this.#unsent.add(path);
    if (!keepMine) this.events.replaced(path);
    await this.save();
  }

  // What Python has not been given yet: bytes by path; it counts as given then.
  takeUnsent() {
    const files = new Map([...this.#unsent].map((path) => [path, this.#entries.get(path).data]));
    this.#unsent.clear();
    return files;
  }

  // The version of every file, by path.
  versions() {
    return new Map([...this.#entries].map(([path, entry]) => [path, entry.version]));
  }

  // All that a new worker has to be given.
  everything() {
    this.#unsent.clear();
    return new Map([...this.#entries].map(([path, entry]) => [path, entry.data]));
  }

  // Take what a command has changed, all of it or nothing; `seen` are the versions that it was
  // given. Throws what saving throws: Conflict where a file was edited meanwhile.
  async take(changes, seen) {
    if (changes.size === 0) return;
    await this.save();
    const rows = [...changes].map(([path, data]) => [path, data, seen.get(path) ?? 0]);
    const versions = await this.store.save(rows);
    for (const [path, data] of changes) {
      this.#entries.set(path, { data, version: versions.get(path), dirty: false });
      this.events.replaced(path);
    }
    this.channel.postMessage("saved");
    if (!this.isDirty) this.events.state("saved");
  }
}
