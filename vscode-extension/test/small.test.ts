import assert from "node:assert/strict";
import { test } from "node:test";
import { offered, remembered } from "../src/commands/history";
import { hide, withoutSecrets } from "../src/keys/discreet";
import { ordered, split } from "../src/server/question-text";
import { stepOf } from "../src/status/step-of";
import { Queue } from "../src/server/queue";
import { settingsForServer } from "../src/server/settings";
import { compareVersions } from "../src/server/versions";

test("an instruction is remembered once, the newest first, and not without words", () => {
  assert.deepEqual(remembered(["a", "b"], " b "), ["b", "a"]);
  assert.deepEqual(remembered(["a"], "  "), ["a"]);
  const many = Array.from({ length: 60 }, (_, number) => String(number));
  assert.equal(remembered(many, "new").length, 50);
  assert.deepEqual(offered(["a", "b"], "b"), ["b", "a"]);
});

test("versions are compared by their numbers", () => {
  assert.ok(compareVersions("0.9.0", "0.10.0") < 0);
  assert.ok(compareVersions("1.0.0", "0.99.99") > 0);
  assert.equal(compareVersions("0.1.0", "0.1.0.dev3"), 0);
  assert.ok(compareVersions("0.1.0", "") > 0, "a server that says no version is an old one");
});

test("what a workspace sets is not said to be the user's", () => {
  const settings: Record<string, object> = {
    model: { globalValue: "mine", workspaceValue: "theirs" },
    maxTokens: { globalValue: 100 },
    timeout: { workspaceFolderValue: 5, workspaceValue: 9 },
    temperature: { globalValue: null },
  };
  assert.deepEqual(
    settingsForServer((name) => settings[name], false),
    {
      model: "theirs",
      timeout: 5,
      user: { model: "mine", maxTokens: 100 },
      restrictedMode: false,
    },
  );
});

test("a hidden text is not written, nor its form in JSON", () => {
  hide('k"1');
  assert.equal(withoutSecrets('a k"1 b "k\\"1"'), 'a ••• b "•••"');
});

test("wishes that come while a restart runs are one more restart", async () => {
  let done = 0;
  const waiting: (() => void)[] = [];
  const queue = new Queue(
    () =>
      new Promise((resolve) => {
        waiting.push(() => {
          done += 1;
          resolve();
        });
      }),
  );
  const first = queue.add();
  await Promise.resolve().then(() => undefined); // the first one begins
  await new Promise(setImmediate);
  const others = [queue.add(), queue.add(), queue.add()];
  waiting.shift()?.();
  await first;
  await new Promise(setImmediate);
  waiting.shift()?.();
  await Promise.all(others);
  assert.equal(done, 2);
});

test("a restart that failed does not keep the next one from being tried", async () => {
  let tries = 0;
  const queue = new Queue(() => {
    tries += 1;
    return tries === 1 ? Promise.reject(new Error("no")) : Promise.resolve();
  });
  await assert.rejects(queue.add());
  await queue.add();
  assert.equal(tries, 2);
});

test("a question's first paragraph is its title; the rest keeps its lines", () => {
  assert.deepEqual(split("Trust it?\n\nBackends:\n  a: b\n\nModels:\n  c"), {
    title: "Trust it?",
    detail: "Backends:\n  a: b\n\nModels:\n  c",
  });
  assert.deepEqual(split("Which one?"), { title: "Which one?", detail: "" });
});

test("the first answer of a dialog, which has the keyboard, decides nothing", () => {
  const [trust, never, later] = [{ title: "Trust" }, { title: "Never" }, { title: "Not now" }];
  assert.deepEqual(ordered([trust, never, later], true), [later, trust, never]);
  assert.deepEqual(ordered([trust, never, later], false), [trust, never, later]);
});

test("what is done by any way ticks the walkthrough's steps", () => {
  assert.equal(stepOf("streetrace.action"), "acted");
  assert.equal(stepOf("streetrace.chat.new"), "talked");
  assert.equal(stepOf("streetrace/chat/send"), "talked");
  assert.equal(stepOf("streetrace.review.next"), undefined);
});
