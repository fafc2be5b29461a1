// Whose turn it is: among the tabs of this site one asks Python at a time, and in a tab one command
// runs at a time.
import { Stopped } from "./python.js";

export class Turns {
  #waiting = null;

  // `locks` are the browser's; without them every tab goes at once.
  constructor(name, locks) {
    Object.assign(this, { name, locks });
  }

  // Do some work in turn, and give its result. Where another tab is at work, `wait` is called; it
  // gives what is called once the wait is over. Rejects with Stopped where the wait was given up.
  async take(work, wait) {
    if (!this.locks) return work();
    let free = false;
    const done = await this.locks.request(this.name, { ifAvailable: true }, (lock) => {
      free = lock !== null;
      return free ? work() : undefined;
    });
    return free ? done : this.#wait(work, wait());
  }

  async #wait(work, over) {
    const waiting = new AbortController();
    const { signal } = waiting;
    const go = () => {
      this.#waiting = null;
      over();
      return work();
    };
    this.#waiting = waiting;
    try {
      return await this.locks.request(this.name, { signal }, go);
    } catch (error) {
      over();
      throw signal.aborted ? new Stopped("stopped") : error;
    }
  }

  // End the wait, if there is one: whether there was.
  giveUp() {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.abort();
    return waiting !== null;
  }
}

export class OneAtATime {
  #running = null;

  // `changed` is called when a command begins and when it ends, `failed` with what one throws.
  constructor(changed, failed) {
    Object.assign(this, { changed, failed });
  }

  get busy() {
    return this.#running !== null;
  }

  // Run a command, unless one is running.
  run(command, ...rest) {
    if (!this.busy) this.#running = this.#run(command, rest);
    return this.#running;
  }

  // Run a command once no other is running.
  async whenFree(command, ...rest) {
    while (this.busy) await this.#running;
    return this.run(command, ...rest);
  }

  async #run(command, rest) {
    await null; // `busy` is true from here on
    this.changed();
    try {
      await command(...rest);
    } catch (error) {
      this.failed(error);
    } finally {
      this.#running = null;
      this.changed();
    }
  }
}
