// The page's side of the worker: one request at a time, each with a deadline. Code that does not
// end can't be interrupted from outside, so the worker is ended, and a new one started when needed.

const STARTING = 180; // seconds that a slow line may take for the core; then it counts as lost
const COMMAND = 30; // seconds for what runs none of the learner's code

export class Ended extends Error {
  constructor(what, seconds) {
    super(`${what} did not end within ${seconds} s`);
    Object.assign(this, { name: "Ended", what, seconds });
  }
}
export class Stopped extends Error {
  name = "Stopped";
}
export class Broken extends Error {
  name = "Broken";
}

// What Python needs did not come from the site.
export class Unfetched extends Error {
  name = "Unfetched";
}

export class Python {
  #worker = null;
  #waiting = null;
  #timer = 0;
  #given = new Set(); // the packages that the worker has

  // `makeWorker` gives a new worker; `settings` are what it needs to start; `onBegin` hears the
  // name of what begins to run, `onLook` each look at a training.
  constructor(makeWorker, settings, onBegin = () => {}, onLook = () => {}) {
    Object.assign(this, { makeWorker, settings, onBegin, onLook });
  }

  get running() {
    return this.#worker !== null;
  }

  async start(files) {
    this.stop();
    this.#worker = this.makeWorker();
    this.#given.clear();
    this.#worker.onmessage = ({ data }) => this.#hear(data);
    this.#worker.onerror = (event) => {
      event.preventDefault?.();
      const { message } = event; // none where the script did not come
      this.#end(message ? new Broken(message) : new Unfetched("the worker did not come"));
    };
    await this.#send({ kind: "start", ...this.settings, files }, "start", STARTING);
  }

  // Put `files` in their places, then answer the request, for which Python needs `packages`, bytes
  // by name. Rejects with Ended, Stopped or Broken, after which nothing is running.
  ask(request, files, packages = new Map()) {
    const wheels = [...packages].filter(([name]) => !this.#given.has(name)).map(([, bytes]) => bytes);
    for (const name of packages.keys()) this.#given.add(name);
    return this.#send({ kind: "ask", request, files, wheels }, request.command, COMMAND);
  }

  stop() {
    this.#end(new Stopped("stopped"));
  }

  #send(message, what, seconds) {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#expect(what, seconds);
      this.#worker.postMessage(message);
    });
  }

  #hear(data) {
    if (data.kind === "begins") {
      this.onBegin(data.what);
      this.#expect(data.what, data.seconds);
    } else if (data.kind === "look") {
      this.onLook(data.look);
    } else if (data.kind === "unfetched") {
      this.#end(new Unfetched(data.message));
    } else if (data.kind === "broken") {
      this.#end(new Broken(data.message));
    } else {
      clearTimeout(this.#timer);
      const { resolve } = this.#waiting;
      this.#waiting = null;
      resolve(data.answer);
    }
  }

  #expect(what, seconds) {
    clearTimeout(this.#timer);
    const late = what === "start" ? new Unfetched(`nothing for ${seconds} s`) : new Ended(what, seconds);
    this.#timer = setTimeout(() => this.#end(late), seconds * 1000);
  }

  #end(error) {
    clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = null;
    this.#waiting?.reject(error);
    this.#waiting = null;
  }
}
