// Python's packages beyond those that every start needs: those for tests of one's own lie in this
// site; NumPy comes from elsewhere, after asking, and is kept once its hash has been checked.

import { Unfetched } from "./python.js";

// The course's own words for why something could not be done.
export class Refused extends Error {}

const CACHE = "minigrad packages";
const RUNS = new Set(["test", "examples", "own", "cell"]); // commands that import the learner's code

export class Packages {
  // `settings.testing` are addresses; `settings.numpy` is null, or {name, sha256, address}, with
  // "" for no address. `mayFetch(host)` asks the learner, and gives a promise of yes or no.
  constructor({ testing, numpy }, mayFetch) {
    Object.assign(this, { testing, numpy, mayFetch });
  }

  // What a command needs: bytes by name. Throws Refused where NumPy can't be had, Unfetched where
  // something of this site does not come.
  async for(command) {
    const needed = new Map();
    if (this.numpy && RUNS.has(command)) needed.set(this.numpy.name, await this.#numpy());
    if (command === "own") {
      const found = await Promise.all(this.testing.map(bytesOf));
      this.testing.forEach((address, i) => needed.set(address, found[i]));
    }
    return needed;
  }

  async #numpy() {
    const { address, sha256 } = this.numpy;
    if (!address) throw new Refused(`This phase needs NumPy, which this site does not have. ${HOME}`);
    const kept = await fromCache(address);
    if (kept && (await digest(kept)) === sha256) return kept;
    const { host } = new URL(address);
    if (!(await this.mayFetch(host))) {
      throw new Refused(`This phase needs NumPy, and nothing was fetched. ${HOME}`);
    }
    const found = await fetched(address, host);
    if ((await digest(found)) !== sha256) {
      throw new Refused(`What ${host} sent is not the NumPy that goes with this Python. It was thrown away. ${HOME}`);
    }
    await toCache(address, found);
    return found;
  }
}

const PRIVATE = { cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" };
const HOME =
  "You can write here, export your work, and test it in your own copy of the course.";

async function bytesOf(address) {
  try {
    const response = await fetch(address);
    if (response.ok) return await response.arrayBuffer();
    throw new Error(`${address}: ${response.status}`);
  } catch (error) {
    throw new Unfetched(error.message);
  }
}

// From another site, which learns nothing but that somebody asked; past the browser's own cache,
// which would give a wrong answer again.
async function fetched(address, host) {
  try {
    const response = await fetch(address, PRIVATE);
    if (response.ok) return await response.arrayBuffer();
    throw new Error(`it answered ${response.status}`);
  } catch (error) {
    throw new Refused(`NumPy could not be fetched from ${host}: ${error.message}. Try again later. ${HOME}`);
  }
}

async function digest(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function fromCache(address) {
  try {
    return await (await (await caches.open(CACHE)).match(address))?.arrayBuffer();
  } catch {
    return undefined; // a browser that keeps nothing, such as in a private window
  }
}

async function toCache(address, bytes) {
  try {
    await (await caches.open(CACHE)).put(address, new Response(bytes));
  } catch {
    // No room: it is fetched, and asked for, another time.
  }
}
