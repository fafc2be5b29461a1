// The worker in which Python runs. It keeps nothing: the page sends the files, and ends it when
// something in it does not end.
import { Machine, limitMemory } from "./machine.js";

// What the code that runs here has no need of: a zip may hold somebody else's code.
const NOT_FOR_PYTHON = [
  ...["fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "EventSource", "WebTransport"],
  ...["indexedDB", "caches", "BroadcastChannel", "importScripts", "Worker"],
];
let machine;

// Each name may be a property of the global object or of what it inherits from.
function takeAway(names) {
  for (let place = globalThis; place !== null; place = Object.getPrototypeOf(place)) {
    for (const name of names) {
      if (place === globalThis || Object.hasOwn(place, name)) {
        Object.defineProperty(place, name, { value: undefined, configurable: false });
      }
    }
  }
}

async function bytes(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.arrayBuffer();
}

// What is waited for, or an error that says that it did not come.
async function fetched(coming) {
  try {
    return await coming;
  } catch (error) {
    const isLost = error instanceof TypeError || /fetch|network|load|\d{3}$/i.test(error.message);
    throw isLost ? Object.assign(new Error(error.message), { name: "Unfetched" }) : error;
  }
}

async function start({ core, bundle, wheels, memory, files }) {
  limitMemory(memory);
  const loading = [import(`${core}pyodide.mjs`), bytes(bundle), ...wheels.map(bytes)];
  const [{ loadPyodide }, tree, ...packages] = await fetched(Promise.all(loading));
  const options = { indexURL: core, jsglobals: {}, fullStdLib: false };
  const load = () => fetched(loadPyodide(options));
  const tell = (what, seconds) => postMessage({ kind: "begins", what, seconds });
  const show = (look) => postMessage({ kind: "look", look: JSON.parse(look) });
  machine = await Machine.start(load, tree, packages, tell, show);
  takeAway(NOT_FOR_PYTHON);
  machine.put(files);
}

onmessage = async ({ data }) => {
  try {
    if (data.kind === "start") {
      await start(data);
      postMessage({ kind: "ready" });
    } else {
      machine.install(data.wheels);
      machine.put(data.files);
      postMessage({ kind: "answer", answer: machine.answer(data.request) });
    }
  } catch (error) {
    const kind = error?.name === "Unfetched" ? "unfetched" : "broken";
    postMessage({ kind, message: String(error?.message ?? error) });
  }
};
