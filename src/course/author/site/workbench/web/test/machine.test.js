// The worker's Python side, under Node: what the learner's commands answer in WebAssembly.
// BUNDLE is the zip of the learner's tree, WHEELS a folder of Python's packages; SOLVED the path of a right scalar.py, for tests only.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { before, test } from "node:test";
import { loadPyodide } from "pyodide";
import { HOME, limitMemory, Machine } from "../src/machine.js";
import { decode, encode } from "../src/text.js";

const PATH = "src/minigrad/scalar.py";
const FOUR = { phase: "04" };
const solved = readFileSync(process.env.SOLVED, "utf8");
const begun = [];
const looks = [];
let machine;

before(async () => {
  limitMemory(512);
  const bundle = new Uint8Array(readFileSync(process.env.BUNDLE));
  const { WHEELS } = process.env;
  const names = readdirSync(WHEELS).filter((name) => name.endsWith(".whl"));
  const wheels = names.map((name) => new Uint8Array(readFileSync(`${WHEELS}/${name}`)));
  const tell = (what, seconds) => begun.push([what, seconds]);
  machine = await Machine.start(loadPyodide, bundle, wheels, tell, (look) => looks.push(JSON.parse(look)));
});

const put = (text) => machine.put(new Map([[PATH, encode(text)]]));
const edited = (text, other) => {
  assert.ok(solved.includes(text));
  return solved.replace(text, other);
};
const ask = (command, more = {}) => machine.answer({ command, ...FOUR, ...more });

test("a stub is not written yet, and says which task", () => {
  const { results, bytes } = ask("test", { phase: "02" });
  assert.equal(results[0].status, "unfinished");
  assert.deepEqual([...bytes.keys()], [".minigrad/results.json"]);
});

test("a known mistake is named, in the words of the terminal", () => {
  put(edited("        self.grad += 1.0\n", ""));
  const { passed, results } = ask("test");
  assert.ok(passed < results.length);
  const { about, reason } = results.find((result) => result.about);
  assert.match(reason, /observed 0.0, expected/);
  assert.match(about.words[0], /It looks as if your code believes: “Gradients start from what/);
});

test("what is right passes, and each probe is announced with its seconds", () => {
  put(solved);
  begun.length = 0;
  const { passed, results } = ask("test");
  assert.equal(passed, results.length);
  assert.equal(begun[0][0], "import");
  assert.ok(begun.some(([what, seconds]) => what.startsWith("04.") && seconds >= 1));
});

test("a probe that the page had to end counts as out of time and is not run", () => {
  const { results } = ask("test", { endless: { "04.order_of_a_small_graph": 10 } });
  const [ended] = results.filter((result) => result.status === "timeout");
  assert.equal(ended.reason, "no end after 10 s");
});

test("slow code that ends is out of time as well", () => {
  const last = "    return nodes\n";
  const slow = `    import time
    end = time.process_time() + (0.7 if len(nodes) > 1000 else 0)
    while time.process_time() < end: pass
`;
  put(edited(last, slow + last));
  const { results } = ask("test");
  put(solved);
  assert.ok(results.some((result) => /s of CPU time/.test(result.reason)));
});

test("memory beyond the limit is an error of the code, and Python lives on", () => {
  const { raised } = ask("cell", { text: "x = 'a' * (1 << 30)" });
  assert.match(raised, /MemoryError/);
  assert.equal(ask("cell", { text: "6 * 7" }).value, "42");
});

test("a long chain of nodes is let go, and so is one that an exception leaves", () => {
  const chain = (inputs, after) => `class Node:
    def __init__(self, *inputs): self.inputs = ${inputs}
def chain(count):
    node = Node()
    for _ in range(count):
        node = Node(node, 1.0)
    return node
node = chain(20_000)
${after}`;
  for (const inputs of ["inputs", "(inputs, 2.0)"]) {
    assert.equal(ask("cell", { text: chain(inputs, "del node\n6 * 7") }).value, "42");
    const { raised } = ask("cell", { text: chain(inputs, "def f(node): 1 / 0\nf(chain(9000))") });
    assert.match(raised, /ZeroDivisionError/);
  }
});

test("a long chain that was let go has gone, with the collector off", () => {
  const text = `import gc
class Node:
    def __init__(self, *inputs): self.inputs = inputs
gc.disable()
node = None
for _ in range(3000):
    node = Node(node)
del node
left = sum(isinstance(thing, Node) for thing in gc.get_objects())
gc.enable()
left`;
  assert.equal(ask("cell", { text }).value, "0");
});

test("what a long loop lets go does not pile up", () => {
  const text = `import sys
class Node:
    def __init__(self, *inputs): self.inputs = inputs
def step():
    node = None
    for _ in range(3000):
        node = Node(node)
for _ in range(100):
    step()
sys.getallocatedblocks()`;
  const before = Number(ask("cell", { text: "import sys\nsys.getallocatedblocks()" }).value);
  assert.ok(Number(ask("cell", { text }).value) - before < 60_000);
});

test("what imports and compiles has the whole stack", () => {
  const text = `import unittest
compile("if x: pass\\n" + "elif x: pass\\n" * 100, "a", "exec")
def deep(n): return n and max(map(deep, [n - 1]))
deep(40)`;
  const { value, raised } = ask("cell", { text });
  assert.deepEqual([value, raised], ["0", ""]);
  assert.match(ask("cell", { text: text.replace("40", "300") }).raised, /RecursionError/);
});

test("a cell prints, draws a Value, and names the line that failed", () => {
  const text = "from minigrad.scalar import Value\nprint('hi')\nValue(2.0) * 3";
  const { printed, pictures } = ask("cell", { text });
  assert.equal(printed, "hi\n");
  assert.match(pictures[0][0], /^<svg/);
  assert.match(ask("cell", { text: "1\n1 / 0" }).raised, /your cell, line 2: 1 \/ 0\nZeroDivision/);
});

test("a backward pass is drawn step by step, by the learner's own engine", () => {
  const text = `from minigrad.frames import backward_steps
from minigrad.scalar import Value, topological_order
y = Value(2.0) * 3
backward_steps(y, topological_order(y))`;
  const { pictures, value } = ask("cell", { text });
  assert.deepEqual([pictures.length, pictures[0].length, value], [1, 3, ""]);
});

test("the learner's own pass is played, with the classic mistakes", () => {
  const text = `from minigrad.player import Player, pass_ways
from minigrad.scalar import Value, topological_order
a = Value(2.0, label="a")
y = a * a
y.label = "y"
Player("the pass", pass_ways(y, topological_order(y)))`;
  const { players, raised } = ask("cell", { text });
  assert.equal(raised, "");
  assert.deepEqual([players.length, players[0].ways.length], [1, 5]);
  assert.match(players[0].ways[0].steps.at(-1).caption, /Done: a.grad = 4/);
});

test("what phase 11 compares with is what the book's engine takes in this Python", () => {
  const text = `import sys
from course.measure import instructions
from course.workloads import BOOK, chain, network, wide_sum
from minigrad.scalar import Value
cases = {"network": network, "sum": wide_sum, "chain": chain}
line = BOOK[f"3.{sys.version_info.minor}"]
max(abs(instructions(case(Value)) / line[name] - 1) for name, case in cases.items()) < 0.01`;
  const { value, raised } = ask("cell", { text });
  assert.deepEqual([value, raised], ["True", ""]);
});

test("a training that a cell watches is shown while it goes on", () => {
  const text = `import time
def train():
    for step in range(4):
        time.sleep(0.15)
        yield 4.0 / (step + 1)
watch(train(), lambda: "anna")`;
  begun.length = 0;
  assert.equal(ask("cell", { text }).raised, "");
  assert.deepEqual(looks.flatMap(({ losses }) => losses), [4, 2, 4 / 3, 1]);
  assert.ok(looks.length >= 3 && looks.every((look) => look.text === "anna"));
  assert.ok(begun.length > looks.length);
});

test("random examples agree, or the smallest that does not is shown", () => {
  assert.equal(ask("examples").tried, 500);
  put(edited("        self.grad += 1.0\n", "        self.grad += 1.0001\n"));
  const { wrong } = ask("examples");
  put(solved);
  assert.equal(wrong.what, "gradients");
  assert.deepEqual(wrong.lines.length, 3);
  assert.match(wrong.picture, /^<svg/);
});

const OWN = "tests/student/test_04_backward.py";
const own = (text) => {
  machine.put(new Map([[OWN, encode(`from minigrad.scalar import Value\n${text}`)]]));
  return ask("own");
};

test("tests of one's own meet the code and slips of it, by pytest itself", () => {
  put(solved);
  const answer = own(`import pytest
def test_sum():
    a = Value(2.0)
    (a + a).backward()
    assert a.grad == pytest.approx(2.0)
def test_wrong():
    assert Value(1.0).data == 2.0`);
  assert.deepEqual([answer.tests, answer.failing], [["test_sum", "test_wrong"], ["test_wrong"]]);
  assert.ok(answer.caught > 0 && answer.missed.some(({ after }) => after.includes("grad")));
  assert.ok(begun.some(([what]) => what === "own tests"));
});

test("a test of one's own that never ends is stopped, and Python goes on", () => {
  const stubborn = "        try: Value(1.0)\n        except BaseException: pass";
  for (const body of [" pass", `\n${stubborn}`]) {
    assert.match(own(`def test_a():\n    while True:${body}`).broken, /no end within 6 s/);
  }
  assert.equal(ask("cell", { text: "6 * 7" }).value, "42");
});

test("of a file that has gone, it is said which button brings it back", () => {
  put(solved);
  const { removed, bytes } = ask("cell", { text: `import os\nos.remove("${HOME}/${PATH}")` });
  assert.deepEqual([removed, bytes.get(PATH)], [[PATH], null]);
  const { error } = ask("test");
  assert.match(error, /scalar.py is missing; bring it back .*with Reset$/);
  assert.deepEqual(ask("reset").files, [PATH]);
  put(solved);
});

test("archive, reset, restore: what was there comes back byte for byte", () => {
  const mine = `${solved}\n# mine\n`;
  put(mine);
  const reset = ask("reset");
  assert.deepEqual(reset.files, [PATH]);
  assert.match(decode(reset.bytes.get(PATH)), /NotImplementedError\("phase 04: backward"\)/);
  const { archives } = ask("archives");
  assert.equal(archives[0].reason, "before reset");
  const restored = ask("restore");
  assert.deepEqual(restored.files, [PATH]);
  assert.equal(decode(restored.bytes.get(PATH)), mine);
  assert.deepEqual(ask("diff", { archive: archives[0].name }).lines, []);
});

test("hints come one at a time and are remembered in the learner's files", () => {
  assert.equal(ask("hint", { task: "backward" }).hints.length, 1);
  const { hints, bytes } = ask("hint", { task: "backward" });
  assert.equal(hints.length, 2);
  assert.deepEqual([...bytes.keys()], [".minigrad/hints.json"]);
});

test("a zip goes out and comes in again", () => {
  const { work, name } = ask("pack");
  assert.match(name, /^04-backward-[0-9a-f]{12}\.zip$/);
  put("nothing = 1\n");
  const answer = ask("take in", { work });
  assert.deepEqual(answer.files, [PATH]);
  assert.equal(decode(answer.bytes.get(PATH)), `${solved}\n# mine\n`);
  assert.ok(answer.archive);
  assert.match(ask("take in", { work: encode("no zip"), name: "a.txt" }).error, /^a.txt is not a zip/);
});
