import assert from "node:assert/strict";
import { test } from "node:test";
import { completed } from "../src/commands/argument";

const selection = { start: { line: 3, character: 0 }, end: { line: 5, character: 2 } };
const place = { uri: "file:///p/a.py", selection, languageId: "python" };
const position = selection.start;

test("a command without an argument is about where the person is", () => {
  assert.deepEqual(completed("streetrace.chat.new", undefined, place, false), {
    uri: place.uri,
    range: selection,
  });
  assert.deepEqual(completed("streetrace.review.keep", undefined, place, false), {
    uri: place.uri,
    position,
  });
  assert.deepEqual(completed("streetrace.doctor", undefined, place, false), { uri: place.uri });
});

test("an argument of a lens or a code action stays as it is", () => {
  const hunk = { uri: "file:///p/b.py", hunk: "review-1.1.1" };
  assert.deepEqual(completed("streetrace.review.keep", hunk, place, false), hunk);
  const all = { all: true };
  assert.deepEqual(completed("streetrace.review.undo", all, place, false), all);
});

test("a menu in a title is about its own editor, whose cursor is not known", () => {
  const uri = { scheme: "file", path: "/p/b.py", toString: () => "file:///p/b.py" };
  assert.deepEqual(completed("streetrace.review.next", uri, place, false), {
    uri: "file:///p/b.py",
  });
});

test("of what a menu passes only what the server takes is sent", () => {
  const control: Record<string, unknown> = { id: "git", inputBox: {}, rootUri: {} };
  control["self"] = control;
  assert.deepEqual(completed("streetrace.chat.stop", control, undefined, false), { id: "git" });
  const row = { kind: "change", file: { hunks: [] }, uri: "file:///p/b.py", hunk: "review-1.1.1" };
  assert.deepEqual(completed("streetrace.review.keep", row, place, false), {
    uri: "file:///p/b.py",
    hunk: "review-1.1.1",
  });
});

test("commands of a chat mean the chat that is open in front, or none", () => {
  const chat = { ...place, uri: "file:///p/.streetrace/chats/chat-1.md" };
  assert.deepEqual(completed("streetrace.chat.send", undefined, chat, true), { uri: chat.uri });
  assert.deepEqual(completed("streetrace.chat.send", undefined, place, false), {});
});
