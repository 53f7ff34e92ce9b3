import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { NoSuchProgram, findServer, onPath } from "../src/server/find";
import type { Places } from "../src/server/find";

const NAME = process.platform === "win32" ? "streetrace-lsp.exe" : "streetrace-lsp";

function folder(): string {
  return mkdtempSync(join(tmpdir(), "streetrace-"));
}

function withServer(): string {
  const made = folder();
  writeFileSync(join(made, NAME), "");
  return made;
}

function places(some: Partial<Places>): Places {
  const none = (): Promise<undefined> => Promise.resolve(undefined);
  return { setting: "", interpreter: none, path: "", managed: none, ...some };
}

test("the first folder of PATH that has the server counts", () => {
  const [first, second] = [withServer(), withServer()];
  assert.equal(onPath([folder(), first, second].join(delimiter)), join(first, NAME));
});

test("a folder of that name is no server", () => {
  const made = folder();
  mkdirSync(join(made, NAME));
  assert.equal(onPath(made), undefined);
});

test("a relative entry is not looked at: a project could bring a program under that name", () => {
  assert.equal(onPath(["", "."].join(delimiter)), undefined);
});

test("the setting goes before the environment, that before PATH, that before the installed one", async () => {
  const [setting, environment, path, managed] = [withServer(), withServer(), withServer(), "/m"];
  const all = places({
    setting: join(setting, NAME),
    interpreter: () => Promise.resolve(join(environment, "python")),
    path,
    managed: () => Promise.resolve(managed),
  });
  const from = async (some: Partial<Places>): Promise<unknown> =>
    (await findServer({ ...all, ...some }))?.command;
  const none = (): Promise<undefined> => Promise.resolve(undefined);
  assert.equal(await from({}), join(setting, NAME));
  assert.equal(await from({ setting: "" }), join(environment, NAME));
  assert.equal(await from({ setting: "", interpreter: none }), join(path, NAME));
  assert.equal(await from({ setting: "", interpreter: none, path: "" }), managed);
});

test("a setting that names no program is said; no other server is taken in its place", async () => {
  const path = withServer();
  for (const setting of [join(folder(), NAME), "streetrace-lsp", "./streetrace-lsp"]) {
    await assert.rejects(findServer(places({ setting, path })), NoSuchProgram);
  }
});
