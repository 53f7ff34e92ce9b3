import assert from "node:assert/strict";
import { test } from "node:test";
import { linesOf, sizes } from "../src/review/protocol";
import type { Hunk } from "../src/review/protocol";

function hunk(start: [number, number], end: [number, number], old: string): Hunk {
  const place = ([line, character]: [number, number]): { line: number; character: number } => ({
    line,
    character,
  });
  return {
    hunk: "review-1.1.1",
    proposal: "review-1",
    title: "Fix",
    state: "open",
    range: { start: place(start), end: place(end) },
    old,
    doubt: "",
  };
}

test("lines are counted as a person does", () => {
  assert.deepEqual(linesOf("a\r\nb\n"), ["a", "b"]);
  assert.deepEqual(linesOf("a"), ["a"]);
  assert.deepEqual(linesOf(""), []);
  assert.deepEqual(linesOf("\n"), [""]);
});

test("a change has the lines that it removed and those that stand there", () => {
  assert.deepEqual(sizes(hunk([2, 0], [4, 0], "one\n")), { removed: 1, added: 2 });
  assert.deepEqual(sizes(hunk([2, 0], [2, 0], "one\ntwo\n")), { removed: 2, added: 0 });
  assert.deepEqual(sizes(hunk([2, 0], [2, 5], "")), { removed: 0, added: 1 });
});
