import assert from "node:assert/strict";
import { test } from "node:test";
import { ShownEdits } from "../../src/chat/shown-edits";

const EDIT = `The quantity is ignored:

receipt.py
\`\`\`python
<<<<<<< SEARCH
    for item in items:
        total += item.price
    return total
=======
    for item in items:
        total += item.price * item.quantity
    return total
>>>>>>> REPLACE
<<<<<<< SEARCH
a
=======
>>>>>>> REPLACE
\`\`\`

That is all.`;

const SHOWN = `The quantity is ignored:

receipt.py
\`\`\`diff
     for item in items:
-        total += item.price
+        total += item.price * item.quantity
     return total
-a
\`\`\`

That is all.`;

/** What is shown of an answer that comes in pieces of so many characters. */
function shown(answer: string, size: number): string {
  const edits = new ShownEdits();
  let all = "";
  for (let at = 0; at < answer.length; at += size) all += edits.push(answer.slice(at, at + size));
  return all + edits.end();
}

test("search/replace blocks are shown as a diff, however the answer comes in", () => {
  for (let size = 1; size <= EDIT.length; size++) assert.equal(shown(EDIT, size), SHOWN);
});

const PLAIN = [
  "No code at all, and `a` little.\n",
  "```python\nx = 1\n```\nMore.\n",
  "~~~~\n```\n<<<<<<< SEARCH\n```\n~~~~\n",
  "In a line: ``` and <<<<<<< SEARCH\n=======\n>>>>>>> REPLACE\n",
  "```\n```\n",
  "```",
  "``",
  "```python\n",
  "",
];

test("everything else stays as it is", () => {
  for (const answer of PLAIN) {
    for (let size = 1; size <= answer.length + 1; size++) assert.equal(shown(answer, size), answer);
  }
});

test("a block that is never finished stays as it is, in a diff", () => {
  const stopped = "```python\n<<<<<<< SEARCH\na\n=======\nb";
  const wanted = "```diff\n<<<<<<< SEARCH\na\n=======\nb";
  for (let size = 1; size <= stopped.length; size++) assert.equal(shown(stopped, size), wanted);
});

test("code with fences in it does not end the diff", () => {
  const answer = "````md\n<<<<<<< SEARCH\n```\n=======\n````\n>>>>>>> REPLACE\n````\nEnd.\n";
  assert.equal(shown(answer, 3), "````diff\n-```\n+````\n````\nEnd.\n");
});

test("plain text is shown at once, in the middle of a line too", () => {
  const edits = new ShownEdits();
  assert.equal(edits.push("It wri"), "It wri");
  assert.equal(edits.push("tes `a"), "tes `a");
  assert.equal(edits.push("`\n"), "`\n");
});
