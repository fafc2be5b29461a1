// What is said where a command did not come to its end, and of what it did.
import assert from "node:assert/strict";
import { test } from "node:test";
import { words } from "./elements.js";

const { ending, Unsaved } = await import("../src/endings.js");
const { Packages } = await import("../src/packages.js");
const { Broken, Ended, Python, Stopped, Unfetched } = await import("../src/python.js");
const show = await import("../src/results.js");

const said = (error) => words(ending(error, {}));

test("a lost connection is no saving error", () => {
  const lost = said(new Unfetched("Failed to fetch"));
  assert.match(lost, /^Python could not be fetched\n.*Try again/s);
  assert.doesNotMatch(lost, /saved/);
  assert.doesNotMatch(said(new Error("x is undefined")), /saved/);
  const full = said(new Unsaved(new DOMException("", "QuotaExceededError")));
  assert.match(full, /Not saved: this browser's storage is full/);
});

test("every other ending has its own words", () => {
  assert.match(said(new Stopped("stopped")), /^Stopped\nYour files are safe/);
  assert.match(said(new Ended("cell", 10)), /After 10 s, your cell had not ended/);
  assert.match(said(new Broken("out of memory")), /out of memory/);
});

test("what a page or its worker can not fetch counts as not fetched", async () => {
  const { fetch } = globalThis;
  try {
    for (const answer of [() => Promise.reject(new TypeError("Failed to fetch")), async () => ({ status: 404 })]) {
      globalThis.fetch = answer;
      const packages = new Packages({ testing: ["https://a/pytest.whl"], numpy: null });
      await assert.rejects(packages.for("own"), Unfetched);
    }
  } finally {
    globalThis.fetch = fetch;
  }
  const unfetched = { data: { kind: "unfetched", message: "Failed to fetch" } };
  const worker = (reply) => () => {
    const made = { terminate() {}, postMessage: () => queueMicrotask(() => reply(made)) };
    return made;
  };
  for (const reply of [(one) => one.onmessage(unfetched), (one) => one.onerror({})]) {
    await assert.rejects(new Python(worker(reply), {}).start(new Map()), Unfetched);
  }
});

test("a command names the files that it put back", () => {
  const answer = { archive: "a", files: ["src/minigrad/scalar.py"], remarks: [] };
  assert.match(words(show.done("Reset", answer, {})), /^Reset\nsrc\/minigrad\/scalar.py\nUndo/);
  const none = words(show.done("Reset", { ...answer, files: [] }, {}));
  assert.match(none, /nothing had to change/);
});

test("a cell that removed a file says so, with the buttons that bring it back", () => {
  const outcome = { printed: "", pictures: [], players: [], value: "", raised: "" };
  assert.equal(words(show.cell({ ...outcome, removed: [] })), "");
  const gone = words(show.cell({ ...outcome, removed: ["src/minigrad/scalar.py"] }));
  assert.equal(gone, "src/minigrad/scalar.py is missing. Bring it back from Archives, or as given out, with Reset.");
});

test("failing tests of one's own say why, and lead to the line", () => {
  const answer = { tests: ["test_a", "test_b"], failing: ["test_a", "test_b"], broken: "", caught: 1, missed: [] };
  const reason = "tests/student/test_04_backward.py:12: assert 1.0 == 2.0";
  const went = [];
  const parts = show.ownTests({ ...answer, reasons: [reason, ""] }, { goTo: (...to) => went.push(to) });
  assert.match(words(parts), /failing: test_a, test_b\..*\n.*:12: assert 1.0 == 2.0/);
  const buttons = (part) => (part?.tag === "button" ? [part] : (part?.children ?? []).flatMap(buttons));
  parts.flatMap(buttons)[0].listeners.click();
  assert.deepEqual(went, [["tests/student/test_04_backward.py", 12]]);
});
