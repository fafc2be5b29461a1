// One at a time: commands in a tab, and tabs among each other.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Stopped } from "../src/python.js";
import { OneAtATime, Turns } from "../src/turns.js";

const tick = () => new Promise((resolve) => setTimeout(resolve, 5));

// The browser's locks, of one name.
function locks() {
  let held = false;
  const queue = [];
  async function hold(work) {
    held = true;
    try {
      return await work({});
    } finally {
      held = false;
      queue.shift()?.();
    }
  }
  return {
    request(_, { ifAvailable, signal }, work) {
      if (!held) return hold(work);
      if (ifAvailable) return Promise.resolve(work(null));
      return new Promise((resolve, reject) => {
        const go = () => resolve(hold(work));
        queue.push(go);
        signal.addEventListener("abort", () => {
          queue.splice(queue.indexOf(go), 1);
          reject(signal.reason);
        });
      });
    },
  };
}

// Work that ends when `end` is called.
function endless() {
  let end;
  const work = () => new Promise((resolve) => (end = resolve));
  return [work, () => end()];
}

test("a second tab says that it waits, and goes on once the first has ended", async () => {
  const [one, two] = Array(2).fill(locks()).map((each) => new Turns("a", each));
  const said = [];
  const wait = () => (said.push("waits"), () => said.push("over"));
  const [work, end] = endless();
  const first = one.take(work, wait);
  const second = two.take(() => "done", wait);
  await tick();
  assert.deepEqual(said, ["waits"]);
  end();
  await first;
  assert.equal(await second, "done");
  assert.deepEqual(said, ["waits", "over"]);
  assert.ok(!one.giveUp() && !two.giveUp());
});

test("Stop ends the wait of a second tab, and the first goes on", async () => {
  const [one, two] = Array(2).fill(locks()).map((each) => new Turns("a", each));
  const [work, end] = endless();
  let over = 0;
  const first = one.take(work, () => () => {});
  const second = two.take(() => assert.fail("it was given up"), () => () => (over += 1));
  await tick();
  assert.ok(!one.giveUp() && two.giveUp());
  await assert.rejects(second, Stopped);
  assert.equal(over, 1);
  end();
  await first;
  assert.equal(await two.take(() => "free", () => {}), "free");
});

test("in a browser without locks every tab goes at once", async () => {
  assert.equal(await new Turns("a", undefined).take(() => 1), 1);
});

test("a command does not begin while another runs, but may wait for its end", async () => {
  const [changes, failures, done] = [[], [], []];
  const commands = new OneAtATime(
    () => changes.push(commands.busy),
    (error) => failures.push(error),
  );
  const [work, end] = endless();
  commands.run(work);
  commands.run(() => done.push("dropped"));
  const later = [1, 2].map((n) => commands.whenFree(async () => done.push(n)));
  await tick();
  assert.deepEqual([commands.busy, done], [true, []]);
  end();
  await Promise.all(later);
  assert.deepEqual(done, [1, 2]);
  await commands.run(() => Promise.reject(new Error("x")));
  assert.deepEqual([failures.length, commands.busy], [1, false]);
  assert.deepEqual(changes, [true, false, true, false, true, false, true, false]);
});
