// Python in WebAssembly with a learner's tree in its file system: it answers requests, and says
// which files an answer has changed. Runs in the page's worker, and under Node in the tests.

export const HOME = "/home/minigrad";
const PACKED = "/tmp/work.zip";
const PAGE = 65536; // bytes of a page of WebAssembly memory
const IMPORTS = `
import sys
sys.path.insert(0, f"{home}/src")
from pathlib import Path
from course import stack
from course.learn.workbench import Workbench
stack.use(own_stack)
Workbench(Path(home), lambda what, seconds: tell(what, seconds), lambda look: show(look))
`;

// Let no memory grow beyond a limit: Python then raises MemoryError, and the browser lives on.
export function limitMemory(mebibytes) {
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (this.buffer.byteLength + pages * PAGE > mebibytes * 2 ** 20) {
      throw new RangeError(`more than ${mebibytes} MiB of memory`);
    }
    return grow.call(this, pages);
  };
}

// Of a small stack, nested deallocations get 9 kB, everything else 25, then Python's reserve.
const SMALL_STACK = 41 * 2 ** 10;

// How much stack Python uses; course.stack says why. `settle` frees what Python has put aside.
function stackOf({ _module: core }) {
  const thread = core._PyThreadState_Get();
  const [top, bottom] = [core._emscripten_stack_get_base(), core._emscripten_stack_get_end()];
  let end = bottom;
  const protect = (start) =>
    core._PyUnstable_ThreadState_SetStackProtection(thread, start, top - start);
  return {
    small() {
      end = Math.max(bottom, core._emscripten_stack_get_current() - SMALL_STACK);
      protect(end);
    },
    small_again: () => protect(end),
    large: () => protect(bottom),
    settle: () => core.__PyTrash_thread_destroy_chain(thread),
  };
}

export class Machine {
  // `load` is Pyodide's loadPyodide with its options; `bundle` the zip of the tree's files, `wheels`
  // Python's packages.
  static async start(load, bundle, wheels, tell, show = () => {}) {
    const python = await load();
    python.unpackArchive(bundle, "zip", { extractDir: HOME });
    const names = python.toPy({ home: HOME });
    names.set("tell", tell);
    names.set("show", show);
    names.set("own_stack", stackOf(python));
    const machine = new Machine(python);
    machine.install(wheels);
    machine.bench = python.runPython(IMPORTS, { globals: names });
    return machine;
  }

  constructor(python) {
    this.python = python;
  }

  // Add Python's packages: the bytes of each.
  install(wheels) {
    for (const wheel of wheels) this.python.unpackArchive(wheel, "wheel");
    if (wheels.length) this.python.runPython("import importlib; importlib.invalidate_caches()");
  }

  // Put files in their places: bytes by path, null for one that is to go.
  put(files) {
    const { FS } = this.python;
    for (const [path, data] of files) {
      const place = `${HOME}/${path}`;
      if (data === null) {
        if (FS.analyzePath(place).exists) FS.unlink(place);
      } else {
        FS.mkdirTree(place.slice(0, place.lastIndexOf("/")));
        FS.writeFile(place, data);
      }
    }
  }

  // The answer to a request, with `bytes`: those of every file that is different now by path, null
  // for one that has gone. `work` is a zip to take in; a request to pack is answered with one.
  answer({ work, ...request }) {
    const { FS } = this.python;
    if (work) FS.writeFile(PACKED, work);
    const asked = { ...request, from: PACKED, to: PACKED };
    const answer = JSON.parse(this.bench.answer(JSON.stringify(asked)));
    const bytes = new Map(answer.removed.map((path) => [path, null]));
    for (const path of answer.changed) bytes.set(path, FS.readFile(`${HOME}/${path}`));
    if (request.command === "pack" && !answer.error) answer.work = FS.readFile(PACKED);
    return { ...answer, bytes };
  }
}
