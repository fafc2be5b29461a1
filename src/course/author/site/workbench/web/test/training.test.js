// The curve of a training: every loss has its place, and what is not finite has none.
import assert from "node:assert/strict";
import { test } from "node:test";
import { curve } from "../src/training.js";

const paths = (svg) => [...svg.matchAll(/ d="([^"]*)"/g)].map(([, d]) => d);

test("losses fall from the left to the right, and their mean lies between them", () => {
  const [, each, means] = paths(curve([4, 2, 0]));
  assert.equal(each, "M34.0 34.0L220.0 110.0L406.0 186.0");
  assert.equal(means, "M34.0 34.0L220.0 72.0L406.0 110.0");
});

test("one loss, and one that is not finite, can be drawn", () => {
  assert.match(curve([1]), /1 steps/);
  assert.doesNotMatch(curve([2, null, 1]), /NaN|null|Infinity/);
});

test("a long training is thinned out, and its last loss is there", () => {
  const svg = curve(Array.from({ length: 5000 }, (_, i) => 5000 - i));
  assert.ok(svg.length < 30_000 && svg.includes("L406.0 186.0"));
});
