// Bundles the extension into dist/extension.js; `--watch` keeps at it, `--size` prints how large it is.
import { build, context } from "esbuild";
import { copyFileSync, mkdirSync, statSync } from "node:fs";

const options = {
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  minify: !process.argv.includes("--watch"),
  sourcemap: process.argv.includes("--watch"),
  platform: "node",
  // The extension host of VS Code 1.104 runs on Node 22.
  target: "node22",
  format: "cjs",
  external: ["vscode"],
  logLevel: "warning",
};

mkdirSync("dist", { recursive: true });
copyFileSync("../docs/streetrace.schema.json", "dist/streetrace.schema.json");

if (process.argv.includes("--watch")) {
  await (await context(options)).watch();
} else {
  await build(options);
  if (process.argv.includes("--size")) {
    console.log(`dist/extension.js: ${Math.ceil(statSync(options.outfile).size / 1000)} KB`);
  }
}
