import assert from "node:assert/strict";
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { logLines } from "../src/server/log-lines";

test("each line of the server is written at its own level", async () => {
  const written: string[] = [];
  const at = (level: string) => (line: string) => written.push(`${level}: ${line}`);
  const stderr = new PassThrough();
  logLines(stderr, { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") });
  stderr.end(
    [
      "/usr/bin/python3: No module named streetrace_lsp",
      "2026-01-02 03:04:05,678 level=INFO logger=streetrace_lsp client='x' plugin=None",
      "2026-01-02 03:04:05,679 level=WARNING logger=streetrace_lsp.settings no file",
      "2026-01-02 03:04:05,680 level=ERROR logger=streetrace_lsp internal error: KeyError",
      "Traceback (most recent call last):",
      "KeyError: level=INFO",
      "2026-01-02 03:04:05,681 level=DEBUG logger=streetrace_lsp more",
      "",
    ].join("\n"),
  );
  await once(stderr, "close");
  assert.deepEqual(written, [
    "error: /usr/bin/python3: No module named streetrace_lsp",
    "info: logger=streetrace_lsp client='x' plugin=None",
    "warn: logger=streetrace_lsp.settings no file",
    "error: logger=streetrace_lsp internal error: KeyError",
    "error: Traceback (most recent call last):",
    "error: KeyError: level=INFO",
    "debug: logger=streetrace_lsp more",
  ]);
});
