// Bundles each test and runs them with Node's own runner. They need no VS Code.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";

const found = readdirSync("test", { recursive: true }).filter((name) => name.endsWith(".test.ts"));
rmSync("out", { recursive: true, force: true });
await build({
  entryPoints: found.map((name) => `test/${name}`),
  outdir: "out",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  // What imports it has no place in a test without VS Code.
  external: ["vscode"],
  sourcemap: "inline",
  logLevel: "warning",
});
const files = found.map((name) => `out/${name.replace(/\.ts$/, ".js")}`);
const run = spawnSync(
  process.execPath,
  ["--enable-source-maps", "--test", ...process.argv.slice(2), ...files],
  {
    stdio: "inherit",
  },
);
process.exit(run.status ?? 1);
