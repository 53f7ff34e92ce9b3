import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { bundledIn, install, installed, suitablePython, uninstall } from "../src/server/managed";
import type { Bundled } from "../src/server/managed";

const never = new AbortController().signal;
const ignored = (): void => undefined;

function folder(): string {
  return mkdtempSync(join(tmpdir(), "streetrace-"));
}

/** A wheel with a program that says its version, and requirements that need no index. */
function bundle(version: string, requirements = ""): Bundled {
  const place = folder();
  const wheel = `streetrace_lsp-${version}-py3-none-any.whl`;
  const made = spawnSync("python3", ["-I", "-c", WHEEL, join(place, wheel), version]);
  assert.equal(made.status, 0, made.stderr.toString());
  writeFileSync(join(place, "requirements.txt"), requirements);
  return { wheel: join(place, wheel), requirements: join(place, "requirements.txt") };
}

const WHEEL = `
import sys, zipfile
path, version = sys.argv[1:]
info = f"streetrace_lsp-{version}.dist-info"
files = {
    "streetrace_lsp.py": f"def main(): print('streetrace-lsp {version}')",
    f"{info}/METADATA": f"Metadata-Version: 2.1\\nName: streetrace-lsp\\nVersion: {version}\\n",
    f"{info}/WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    f"{info}/entry_points.txt": "[console_scripts]\\nstreetrace-lsp = streetrace_lsp:main\\n",
}
with zipfile.ZipFile(path, "w") as wheel:
    for name, text in files.items():
        wheel.writestr(name, text)
    wheel.writestr(f"{info}/RECORD", "".join(f"{name},,\\n" for name in [*files, f"{info}/RECORD"]))
`;

test("the server is installed, found again, replaced by the next one, and removed", async () => {
  const storage = join(folder(), "storage");
  const first = bundle("0.1.0");
  assert.equal(await installed(storage, first), undefined);
  const command = await install(storage, first, "python3", ignored, never);
  assert.equal(spawnSync(command).stdout.toString().trim(), "streetrace-lsp 0.1.0");
  assert.deepEqual(await installed(storage, first), { command, current: true });

  const second = bundle("0.2.0");
  assert.deepEqual(await installed(storage, second), { command, current: false });
  const next = await install(storage, second, "python3", ignored, never);
  assert.deepEqual(await installed(storage, second), { command: next, current: true });
  assert.ok(existsSync(command), "another window may still run the one before");

  assert.equal(await uninstall(storage), true);
  assert.equal(await installed(storage, second), undefined);
  assert.equal(await uninstall(storage), false);
});

test("a package whose hash is not the locked one stops everything, and nothing is left", async () => {
  const storage = join(folder(), "storage");
  const { wheel } = bundle("9.9.9");
  const wrong = `streetrace-lsp @ file://${wheel} --hash=sha256:${"0".repeat(64)}\n`;
  const failing = install(storage, bundle("0.1.0", wrong), "python3", ignored, never);
  await assert.rejects(failing, /hash/i);
  assert.deepEqual(readdirSync(storage), []);
});

test("what is stopped leaves nothing, and the server before it stays in use", async () => {
  const storage = join(folder(), "storage");
  const first = bundle("0.1.0");
  const command = await install(storage, first, "python3", ignored, never);
  const stopped = AbortSignal.abort();
  await assert.rejects(install(storage, bundle("0.2.0"), "python3", ignored, stopped), {
    name: "AbortError",
  });
  assert.deepEqual(await installed(storage, first), { command, current: true });
  assert.equal(readdirSync(storage).length, 2);
});

test("a record that names another folder than one beside it is none", async () => {
  const storage = folder();
  writeFileSync(join(storage, "server.json"), JSON.stringify({ folder: "../x", digest: "" }));
  assert.equal(await installed(storage, undefined), undefined);
  assert.equal(await uninstall(storage), false);
});

test("an interpreter that is too old, or none, is passed over", async () => {
  assert.equal(await suitablePython(["no-such-python", "python3"], folder()), "python3");
  assert.equal(await suitablePython(["no-such-python", "false"], folder()), undefined);
});

test("a build without a wheel carries no server", async () => {
  assert.equal(await bundledIn(folder()), undefined);
  assert.equal(await bundledIn(join(folder(), "none")), undefined);
});
