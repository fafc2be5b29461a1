// The learner's files in IndexedDB: nothing is overwritten that was not seen.
import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Files } from "../src/files.js";
import { Conflict, Store } from "../src/store.js";
import { decode, encode } from "../src/text.js";

const PATH = "src/minigrad/scalar.py";
const PHASE = { id: "04", slug: "04-backward" };
let name = "";
let number = 0;
beforeEach(() => (name = `test ${(number += 1)}`));

// A tab: its files, and what they reported. Channels of one name are joined when asked to be.
async function tab(joined = false) {
  const heard = { replaced: [], states: [], conflicts: [] };
  const events = {
    replaced: (path) => heard.replaced.push(path),
    state: (word) => heard.states.push(word),
    conflict: (path) => heard.conflicts.push(path),
  };
  const channel = joined ? new BroadcastChannel(name) : { postMessage() {} };
  channel.unref?.();
  const files = new Files(new Store(name), channel, PHASE, { [PATH]: "given\n" }, events);
  await files.load();
  return { files, heard, channel };
}

test("all of some files are saved, or none", async () => {
  const store = new Store(name);
  await store.save([["a", encode("1"), 0]]);
  const both = store.save([
    ["b", encode("2"), 0],
    ["a", encode("3"), 0],
  ]);
  await assert.rejects(both, (error) => error instanceof Conflict && error.paths[0] === "a");
  assert.deepEqual([...(await store.all()).keys()], ["a"]);
  const versions = await store.save([["a", encode("3"), 1]]);
  assert.deepEqual([...versions], [["a", 2]]);
});

test("an edit is saved at once, and a file that was never edited is as given out", async () => {
  const { files, heard } = await tab();
  assert.equal(files.text(PATH), "given\n");
  await files.edit(PATH, "mine\n");
  assert.deepEqual(heard.states, ["saving", "saved"]);
  assert.equal((await tab()).files.text(PATH), "mine\n");
});

test("edits while one is being saved are saved too", async () => {
  const { files } = await tab();
  await Promise.all(["a", "ab", "abc"].map((text) => files.edit(PATH, text)));
  assert.equal((await tab()).files.text(PATH), "abc");
  assert.ok(!files.isDirty);
});

test("a tab that missed another's edit does not overwrite it, whichever is kept", async () => {
  for (const keepMine of [true, false]) {
    name += "x";
    const [one, two] = [await tab(), await tab()];
    await one.files.edit(PATH, "one\n");
    await two.files.edit(PATH, "two\n");
    assert.deepEqual(two.heard.conflicts, [PATH]);
    assert.equal((await tab()).files.text(PATH), "one\n");
    await two.files.settle(PATH, keepMine);
    const kept = await new Store(name).all();
    const texts = [...kept].map(([path, { data }]) => [path.split("/").pop(), decode(data)]);
    const [stays, goes] = keepMine ? ["two\n", "one\n"] : ["one\n", "two\n"];
    assert.equal(decode(kept.get(PATH).data), stays);
    assert.ok(texts.some(([path, text]) => path === "scalar.py" && text === goes));
    const [, manifest] = texts.find(([path]) => path === "manifest.json");
    assert.equal(JSON.parse(manifest).phase, "04");
    assert.equal(two.files.text(PATH), stays);
  }
});

test("tabs that hear of each other follow every edit", async () => {
  const [one, two] = [await tab(true), await tab(true)];
  for (const text of ["first\n", "second\n"]) {
    await one.files.edit(PATH, text);
    for (let i = 0; i < 100 && two.files.text(PATH) !== text; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert.equal(two.files.text(PATH), text);
  }
  assert.deepEqual(two.heard.replaced, [PATH, PATH]);
  for (const { channel } of [one, two]) channel.close();
});

test("what a command changed is not taken over an edit made meanwhile", async () => {
  const { files } = await tab();
  await files.edit(PATH, "before\n");
  const seen = files.versions();
  await files.edit(PATH, "meanwhile\n");
  const changes = new Map([
    [".minigrad/archive/a/manifest.json", encode("{}")],
    [PATH, encode("reset\n")],
  ]);
  await assert.rejects(files.take(changes, seen), Conflict);
  assert.equal((await tab()).files.text(PATH), "meanwhile\n");
  assert.equal((await new Store(name).all()).size, 1);
  await files.take(changes, files.versions());
  assert.equal(files.text(PATH), "reset\n");
});

test("a file that a command removed is gone, until it is written again", async () => {
  const { files, heard } = await tab();
  await files.take(new Map([[PATH, null]]), files.versions());
  assert.deepEqual([files.text(PATH), files.isGone(PATH), heard.states.at(-1)], ["", true, "saved"]);
  const again = (await tab()).files;
  assert.ok(again.isGone(PATH) && !again.isGone("other.py"));
  await again.edit(PATH, "anew\n");
  assert.ok(!again.isGone(PATH));
});

test("what could not be saved stays, is said, and is saved with the next edit", async () => {
  const { files, heard } = await tab();
  const { store } = files;
  files.store = { save: () => Promise.reject(new DOMException("", "QuotaExceededError")) };
  await files.edit(PATH, "full\n");
  assert.equal(heard.states.at(-1), "failed");
  assert.equal(files.text(PATH), "full\n");
  assert.ok(files.isDirty);
  files.store = store;
  await files.edit(PATH, "full, then free\n");
  assert.equal((await tab()).files.text(PATH), "full, then free\n");
});

test("Python is given each change once, and everything when it starts", async () => {
  const { files } = await tab();
  await files.edit(PATH, "mine\n");
  assert.deepEqual([...files.takeUnsent().keys()], [PATH]);
  assert.equal(files.takeUnsent().size, 0);
  assert.deepEqual([...files.everything().keys()], [PATH]);
});
