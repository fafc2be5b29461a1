// The page's side of the worker: deadlines, stopping, and what breaks.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Broken, Ended, Python, Stopped } from "../src/python.js";

// A worker that answers as `replies` says: by kind of message, a function of it and of `post`.
function workers(replies) {
  const made = [];
  const make = () => {
    const worker = {
      ended: false,
      postMessage(message) {
        const post = (data) => queueMicrotask(() => this.ended || this.onmessage({ data }));
        replies[message.kind]?.(message, post, worker);
      },
      terminate() {
        this.ended = true;
      },
    };
    made.push(worker);
    return worker;
  };
  return [make, made];
}

const ready = (_, post) => post({ kind: "ready" });

test("a request is answered, and the worker goes on", async () => {
  const ask = ({ request }, post) => {
    post({ kind: "begins", what: "04.square", seconds: 1 });
    post({ kind: "answer", answer: request.command });
  };
  const [make, made] = workers({ start: ready, ask });
  const begun = [];
  const python = new Python(make, { core: "c" }, (what) => begun.push(what));
  await python.start(new Map());
  assert.equal(await python.ask({ command: "test" }, new Map()), "test");
  assert.equal(await python.ask({ command: "hint" }, new Map()), "hint");
  assert.deepEqual(begun, ["04.square", "04.square"]);
  assert.equal(made.length, 1);
  python.stop();
});

test("a worker is sent each of Python's packages once", async () => {
  const sent = [];
  const ask = ({ wheels }, post) => {
    sent.push(wheels);
    post({ kind: "answer", answer: {} });
  };
  const [make] = workers({ start: ready, ask });
  const python = new Python(make, {});
  const packages = new Map([["pytest.whl", "bytes"]]);
  await python.start(new Map());
  await python.ask({ command: "own" }, new Map(), packages);
  await python.ask({ command: "own" }, new Map(), packages);
  await python.start(new Map());
  await python.ask({ command: "own" }, new Map(), packages);
  assert.deepEqual(sent, [["bytes"], [], ["bytes"]]);
  python.stop();
});

test("what does not end within its seconds ends the worker and is named", async () => {
  const ask = (_, post) => post({ kind: "begins", what: "04.square", seconds: 0.05 });
  const [make, made] = workers({ start: ready, ask });
  const python = new Python(make, {});
  await python.start(new Map());
  await assert.rejects(
    python.ask({ command: "test" }, new Map()),
    (error) => error instanceof Ended && error.what === "04.square" && error.seconds === 0.05,
  );
  assert.ok(made[0].ended && !python.running);
  await python.start(new Map());
  assert.equal(made.length, 2);
  python.stop();
});

test("stopping and breaking end the worker too", async () => {
  const [make, made] = workers({ start: ready });
  const python = new Python(make, {});
  await python.start(new Map());
  const asked = python.ask({ command: "cell" }, new Map());
  python.stop();
  await assert.rejects(asked, Stopped);
  const [crash] = workers({
    start: (_, post, worker) => worker.onerror({ message: "out of memory" }),
  });
  const other = new Python(crash, {});
  await assert.rejects(other.start(new Map()), (e) => e instanceof Broken && /memory/.test(e.message));
  assert.ok(made[0].ended && !other.running);
});
