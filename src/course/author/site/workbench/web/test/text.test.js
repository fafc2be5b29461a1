import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, difference, encode } from "../src/text.js";

test("the change between two texts is the part that differs, and no more", () => {
  const made = (before, { from, to, insert }) => before.slice(0, from) + insert + before.slice(to);
  for (const [before, after, insert] of [
    ["a\nb\nc\n", "a\nB\nc\n", "B"],
    ["aaa", "aa", ""],
    ["aa", "aaa", "a"],
    ["", "x", "x"],
    ["x", "", ""],
  ]) {
    const change = difference(before, after);
    assert.equal(change.insert, insert);
    assert.equal(made(before, change), after);
  }
  assert.equal(difference("same", "same"), null);
});

test("text is what it was, as bytes and back", () => {
  assert.equal(decode(encode("∂y/∂x = 3 · x²\n")), "∂y/∂x = 3 · x²\n");
});
