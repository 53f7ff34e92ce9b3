import assert from "node:assert/strict";
import { test } from "node:test";
import { lines, relative } from "../../src/chat/places";
import { isImplicit, meant } from "../../src/chat/references";
import { spoken } from "../../src/chat/words";

const at = (
  path: string,
  authority = "",
  scheme = "file",
): object & {
  scheme: string;
  authority: string;
  path: string;
} => ({ scheme, authority, path });
const FOLDER = at("/home/me/project");
const area = (line: number, character: number, endLine: number, end: number) => ({
  start: { line, character },
  end: { line: endLine, character: end },
});

test("a path is told below its folder, and nowhere else", () => {
  assert.equal(relative(FOLDER, at("/home/me/project/src/a.py")), "src/a.py");
  assert.equal(relative(FOLDER, at("/home/me/project-2/a.py")), undefined);
  assert.equal(relative(FOLDER, at("/home/me/project")), undefined);
  assert.equal(relative(at("/"), at("/a.py")), "a.py");
  assert.equal(relative(FOLDER, at("/home/me/project/a.py", "host", "vscode-remote")), undefined);
});

test("lines are counted from 1, and the line where nothing is selected is not one of them", () => {
  assert.equal(lines("a.py", area(2, 4, 5, 0)), "a.py:3-5");
  assert.equal(lines("a.py", area(2, 4, 5, 1)), "a.py:3-6");
  assert.equal(lines("a.py", area(2, 4, 2, 4)), "a.py:3-3");
});

test("a file, lines and the file in the editor go along as what they are", () => {
  const file = at("/home/me/project/a.py");
  const location = { uri: file, range: area(0, 0, 2, 0) };
  const kinds = [
    [
      { id: "vscode.file", value: file },
      { kind: "file", argument: "a.py" },
    ],
    [
      { id: "x", value: location },
      { kind: "selection", argument: "a.py:1-2" },
    ],
    [
      { id: "vscode.implicit.selection", value: location },
      { kind: "selection", argument: "a.py:1-2" },
    ],
    // What happens to be on the screen stands for its file.
    [
      { id: "vscode.implicit.viewport", value: location },
      { kind: "file", argument: "a.py" },
    ],
    // Without a proposed API VS Code gives the problems without any in it.
    [
      { id: "x", value: { diagnostics: [] } },
      { kind: "diagnostics", argument: "" },
    ],
  ] as const;
  for (const [reference, attachment] of kinds) {
    const found = meant(reference, FOLDER);
    assert.deepEqual(found.kind === "attachment" && found.attachment, attachment, reference.id);
  }
});

test("what can't go along is told apart by why", () => {
  const folder = at("/home/me/project/src");
  const kinds = [
    [
      { id: "x", value: at("/elsewhere/a.py") },
      { kind: "outside", name: "a.py", file: at("/elsewhere/a.py") },
    ],
    [
      { id: "x", value: at("/home/me/.local/state/streetrace/answers/Explain-k3_9xa0z.md") },
      { kind: "page", name: "Explain-k3_9xa0z.md" },
    ],
    [
      { id: "x", name: "src", value: folder },
      { kind: "folder", name: "src" },
    ],
    [
      { id: "x", name: "a.png", value: { mimeType: "image/png" } },
      { kind: "image", name: "a.png" },
    ],
    [
      { id: "x", name: "Terminal", value: "ok" },
      { kind: "text", title: "Terminal", text: "ok" },
    ],
    [{ id: "x", value: " " }, { kind: "nothing" }],
    [{ id: "vscode.customizations.index", value: "rules" }, { kind: "nothing" }],
    [{ id: "vscode.prompt.instructions.root__file:///a", value: at("/a") }, { kind: "nothing" }],
    [{ id: "x", value: undefined }, { kind: "nothing" }],
  ] as const;
  for (const [reference, means] of kinds) {
    assert.deepEqual(meant(reference, FOLDER, new Set([folder])), means);
  }
  assert.ok(isImplicit({ id: "vscode.implicit.file", value: folder }));
  assert.ok(!isImplicit({ id: "vscode.file", value: folder }));
});

test("a reference in a question is read as the name of what it means", () => {
  const prompt = "Does #file:a.py fit #sym:Price or #file:b.png?";
  const references = [
    { id: "1", value: "a.py", range: [5, 15] as const },
    { id: "2", value: "src/price.py", range: [20, 30] as const },
    { id: "3", value: undefined, range: [34, 45] as const },
  ];
  const named = ({ value }: { readonly value: unknown }) => value as string | undefined;
  assert.deepEqual(spoken(prompt, references, [], named), {
    prompt: "Does `a.py` fit `src/price.py` or `b.png`?",
    words: [],
    files: ["b.png"],
  });
});

test("our own words with # are taken out, where they stand alone", () => {
  const read = (prompt: string, ...tools: string[]) =>
    spoken(
      prompt,
      [],
      tools.map((name) => ({ name })),
      () => undefined,
    );
  assert.deepEqual(read("Explain #selection and #problems"), {
    prompt: "Explain  and",
    words: ["selection", "problems"],
    files: [],
  });
  assert.deepEqual(read("#diff #changes why?").words, ["changes"]);
  for (const prompt of ["a#selection", "#selections", "#sym:x", "C# #1", "#editor.fontSize"]) {
    assert.deepEqual(read(prompt), { prompt, words: [], files: [] });
  }
  assert.deepEqual(read('Why #file:./src/a.py, and #file:"my file.py"?'), {
    prompt: "Why `src/a.py`, and `my file.py`?",
    words: [],
    files: ["src/a.py", "my file.py"],
  });
  assert.deepEqual(read("Why?", "copilot_getErrors", "copilot_searchCodebase", "other").words, [
    "problems",
    "codebase",
  ]);
});
