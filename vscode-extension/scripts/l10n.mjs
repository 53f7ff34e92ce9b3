// Writes l10n/bundle.l10n.json, the texts to translate: each argument of `l10n.t` in the sources.
// With --check it only says whether the file is right.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FILE = "l10n/bundle.l10n.json";
const texts = new Set();
for (const name of readdirSync("src", { recursive: true })) {
  if (!name.endsWith(".ts")) continue;
  const source = readFileSync(join("src", name), "utf8");
  const literal = /l10n\.t\(\s*("(?:[^"\\]|\\.)*")/g;
  const found = [...source.matchAll(literal)];
  const calls = source.match(/l10n\.t\(/g)?.length ?? 0;
  if (found.length !== calls) throw new Error(`src/${name}: l10n.t takes a text in double quotes`);
  for (const [, text] of found) texts.add(JSON.parse(text));
}
const wanted = `${JSON.stringify(Object.fromEntries([...texts].sort().map((text) => [text, text])), null, 2)}\n`;
if (!process.argv.includes("--check")) {
  writeFileSync(FILE, wanted);
} else if (readFileSync(FILE, "utf8") !== wanted) {
  console.error(`${FILE} is not what the sources say. Run: npm run l10n`);
  process.exit(1);
}
