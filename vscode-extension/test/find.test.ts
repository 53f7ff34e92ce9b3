import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { onPath } from "../src/server/find";

const NAME = process.platform === "win32" ? "streetrace-lsp.exe" : "streetrace-lsp";

function folderWithServer(): string {
  const folder = mkdtempSync(join(tmpdir(), "streetrace-"));
  writeFileSync(join(folder, NAME), "");
  chmodSync(join(folder, NAME), 0o755);
  return folder;
}

test("the first folder of PATH that has the server counts", () => {
  const [first, second] = [folderWithServer(), folderWithServer()];
  const empty = mkdtempSync(join(tmpdir(), "streetrace-"));
  assert.equal(onPath([empty, first, second].join(delimiter))?.command, join(first, NAME));
});

test("a folder of that name is no server", () => {
  const folder = mkdtempSync(join(tmpdir(), "streetrace-"));
  mkdirSync(join(folder, NAME));
  assert.equal(onPath(folder), undefined);
});

test("a relative entry is not looked at: a project could bring a program under that name", () => {
  assert.equal(onPath(["", "."].join(delimiter)), undefined);
});
