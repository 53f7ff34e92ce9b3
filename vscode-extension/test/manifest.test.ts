import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { SERVER_COMMANDS } from "../src/commands/server-commands";

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command?: string }[]>>;
    readonly keybindings: readonly { readonly command: string; readonly key: string }[];
  };
}

const text = readFileSync("package.json", "utf8");
const manifest = JSON.parse(text) as Manifest;
const contributed = manifest.contributes.commands.map((one) => one.command);

test("every command of the server's page has a title here, and is known", () => {
  const page = readFileSync("../docs/protocol.md", "utf8");
  const documented = [...page.matchAll(/^\| `(streetrace\.[a-z.]+)` \|/gm)].map(
    (found) => found[1],
  );
  assert.deepEqual(new Set(SERVER_COMMANDS), new Set(documented));
  // Registering one twice throws, and then the extension does not start.
  assert.equal(new Set(SERVER_COMMANDS).size, SERVER_COMMANDS.length);
  assert.equal(new Set(contributed).size, contributed.length);
  for (const command of SERVER_COMMANDS) assert.ok(contributed.includes(command), command);
});

test("menus and keys name commands that exist", () => {
  const { menus, keybindings } = manifest.contributes;
  for (const { command } of [...Object.values(menus).flat(), ...keybindings]) {
    if (command !== undefined) assert.ok(contributed.includes(command), command);
  }
});

test("no key is bound twice for the same purpose", () => {
  const keys = manifest.contributes.keybindings.map((one) => one.key);
  assert.equal(new Set(keys).size, keys.length);
});

test("every text of the manifest is there, and none is left over", () => {
  const texts = JSON.parse(readFileSync("package.nls.json", "utf8")) as Record<string, string>;
  const used = [...text.matchAll(/"%([^%"]+)%"/g)].map((found) => found[1]);
  assert.deepEqual(new Set(used), new Set(Object.keys(texts)));
});
