import assert from "node:assert/strict";
import { test } from "node:test";
import { followups } from "../../src/chat/followups";
import { Memory } from "../../src/chat/memory";
import { folderOf } from "../../src/chat/places";
import { isAboutCode, once, question, worded } from "../../src/chat/question";
import { next, place, sessionOf } from "../../src/chat/thread";
import { tree } from "../../src/chat/tree";
import type { Read } from "../../src/chat/wire";

const CHAT = "file:///p/.streetrace/chats/chat-1.md";

/** A chat of these texts: questions and answers in turn. */
function chat(...texts: string[]): Read {
  const turns = texts.map((text, number) => ({
    id: number + 1,
    role: number % 2 === 0 ? ("user" as const) : ("assistant" as const),
    text,
  }));
  return { chat: CHAT, busy: false, turns };
}

/** What VS Code keeps for a workspace. */
function state(): ConstructorParameters<typeof Memory>[0] {
  const kept = new Map<string, unknown>();
  const get = (key: string): unknown => kept.get(key);
  return {
    get: get,
    update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
  };
}

test("a session belongs to the chat of its last result, at the last answer of it", () => {
  assert.equal(place([undefined, {}, { chat: 7 }, { command: "commit" }]), undefined);
  const other = { chat: "file:///other.md", turn: 8 };
  const results = [
    other,
    { chat: CHAT, turn: 2 },
    null,
    { chat: CHAT, turn: 4 },
    { chat: CHAT, turn: 0 },
  ];
  assert.deepEqual(place(results), { chat: CHAT, turn: 4 });
});

test("the first question starts a chat, and so does one whose document is gone", () => {
  assert.deepEqual(next(undefined, undefined, undefined, "a"), { how: "create" });
  assert.deepEqual(next({ chat: CHAT, turn: 2 }, undefined, undefined, "a"), { how: "create" });
});

test("the next question goes into the same chat, also behind what was written there by hand", () => {
  const sent = { how: "send", chat: CHAT, replace: false };
  const from = { chat: CHAT, turn: 2 };
  assert.deepEqual(next(from, chat("a", "b"), { session: "s", turn: 2 }, "c"), sent);
  assert.deepEqual(next(from, chat("a", "b", "c", "d"), { session: "s", turn: 2 }, "e"), sent);
  assert.deepEqual(next(from, chat("a", "b", "c", "d"), undefined, "c"), sent);
});

test("the same question again is another answer in place of the one that was taken back", () => {
  const from = { chat: CHAT, turn: 2 };
  const found = next(
    from,
    chat("a", "b", "@file x\n\nc", "d"),
    { session: "s", turn: 4 },
    "@file x\n\nc",
  );
  assert.deepEqual(found, { how: "regenerate", chat: CHAT });
});

test("another question in place of one that was taken back goes a way of its own", () => {
  const from = { chat: CHAT, turn: 2 };
  const fork = { how: "fork", chat: CHAT, turn: 2 };
  assert.deepEqual(next(from, chat("a", "b", "c", "d"), { session: "s", turn: 4 }, "C"), fork);
  assert.deepEqual(
    next(from, chat("a", "b", "c", "d", "e", "f"), { session: "s", turn: 6 }, "c"),
    fork,
  );
  const none = { chat: CHAT, turn: 0 };
  assert.deepEqual(next(none, chat("a", "b"), { session: "s", turn: 2 }, "A"), { how: "create" });
});

test("a question that got no answer makes room for the next, unless somebody wrote on in it", () => {
  const from = { chat: CHAT, turn: 2 };
  const remembered = { session: "s", turn: 2, unanswered: "c" };
  const replaced = next(from, chat("a", "b", "c\n"), remembered, "d");
  assert.deepEqual(replaced, { how: "send", chat: CHAT, replace: true });
  const kept = next(from, chat("a", "b", "c, and more"), remembered, "d");
  assert.deepEqual(kept, { how: "send", chat: CHAT, replace: false });
});

test("what is remembered outlasts nothing but fifty other chats", async () => {
  const memory = new Memory(state());
  await memory.answered(CHAT, "s", 4);
  await memory.unanswered(CHAT, "s", "c");
  assert.deepEqual(memory.of(CHAT), { session: "s", turn: 4, unanswered: "c" });
  await memory.answered(CHAT, "s", 2);
  assert.deepEqual(memory.of(CHAT), { session: "s", turn: 4 });
  for (let number = 0; number < 50; number += 1) await memory.answered(`chat ${number}`, "t", 2);
  assert.equal(memory.of(CHAT), undefined);
  assert.deepEqual(memory.of("chat 0"), { session: "t", turn: 2 });
});

test("a session whose first question was taken back is known by what VS Code calls it", async () => {
  const session = sessionOf({ sessionResource: { scheme: "vscode-local", path: "/1" } });
  assert.notEqual(session, sessionOf({ sessionResource: { scheme: "vscode-local", path: "/2" } }));
  const memory = new Memory(state());
  await memory.answered("chat 1", session, 2);
  await memory.answered("chat 2", session, 2);
  await memory.answered("chat 3", "another", 2);
  assert.equal(memory.ofSession(session), "chat 2");
  assert.equal(memory.ofSession("none"), undefined);
  await memory.answered("chat 4", sessionOf(undefined), 2);
  assert.equal(memory.ofSession(sessionOf(undefined)), undefined);
});

test("a command is the action of the server on a line of its own", () => {
  assert.equal(question("tests", "with pytest"), "/write-tests\n\nwith pytest");
  assert.equal(question("fix", ""), "/fix");
  assert.equal(question("ask", " Why? "), "Why?");
  assert.equal(question(undefined, ""), "");
  assert.ok(isAboutCode("explain"));
  assert.ok(!isAboutCode("ask") && !isAboutCode("commit") && !isAboutCode(undefined));
});

test("a text that goes along is fenced by more than it holds", () => {
  const extras = [{ title: "Terminal", text: "```\nx\n" }];
  assert.equal(question(undefined, "Why?", extras), "Why?\n\nTerminal:\n\n````\n```\nx\n````");
});

test("a question is told as the document has it", () => {
  const attached = once([
    { kind: "file", argument: "my file.py" },
    { kind: "selection", argument: "a.py:1-2" },
    { kind: "file", argument: "my file.py" },
    { kind: "diagnostics", argument: "" },
    { kind: "search", argument: "two words" },
  ]);
  const mentions = '@file "my file.py"\n@selection a.py:1-2\n@diagnostics\n@search two words';
  assert.equal(worded(attached, "Why?"), `${mentions}\n\nWhy?`);
  assert.equal(worded([], "Why?"), "Why?");
});

test("a chat's folder is known by where its document is", () => {
  assert.equal(folderOf(CHAT), "file:///p");
  assert.equal(folderOf("file:///p/chats/chat-1.md"), undefined);
});

test("files are a tree, folders first", () => {
  const file = { name: "a.py" };
  const src = { name: "src", children: [{ name: "inner", children: [file] }, { name: "b.py" }] };
  assert.deepEqual(tree(["src/b.py", "a.py", "./src/inner/a.py", "a.py", ""]), [src, file]);
});

test("what comes next depends on what was asked, and there is nothing without an answer", () => {
  const l10n = { t: (message: string) => message };
  const commands = (command: string | undefined, answered = true) =>
    followups(command, answered, l10n).map((one) => one.command);
  assert.deepEqual(commands("explain"), ["refactor", "tests"]);
  assert.deepEqual(commands("fix"), ["tests"]);
  assert.deepEqual(commands("fix", false), []);
  assert.deepEqual(commands(undefined), []);
});
