// Bundles the extension into dist/; `--watch` keeps at it, `--size` prints how large it is.
// The language client is nine tenths of it, and needed only when a server is started: it stands in
// a file of its own, which is not read before.
import { context } from "esbuild";
import { copyFileSync, mkdirSync, statSync } from "node:fs";

const watch = process.argv.includes("--watch");
const CLIENT = "vscode-languageclient/node";

const common = {
  bundle: true,
  minify: !watch,
  sourcemap: watch,
  platform: "node",
  // The extension host of VS Code 1.104 runs on Node 22.
  target: "node22",
  format: "cjs",
  external: ["vscode"],
  logLevel: "warning",
};
// The client compares VS Code's version with 1.91, which it needs, by a library of 20 KB. VS Code
// itself loads the extension only from 1.104 on (`engines`).
const versions = {
  name: "versions",
  setup(build) {
    build.onResolve({ filter: /^semver\/functions\// }, ({ path }) => ({
      path,
      namespace: "versions",
    }));
    build.onLoad({ filter: /.*/, namespace: "versions" }, () => ({
      contents: "module.exports = () => ({ prerelease: [] });",
    }));
  },
};
const builds = await Promise.all([
  context({
    ...common,
    stdin: { contents: `module.exports = require("${CLIENT}");`, resolveDir: process.cwd() },
    outfile: "dist/client.js",
    plugins: [versions],
  }),
  context({
    ...common,
    entryPoints: ["src/extension.ts"],
    outfile: "dist/extension.js",
    // VS Code gives the module `vscode` to what is required, so `import()` becomes that.
    supported: { "dynamic-import": false },
    plugins: [
      {
        name: "client",
        setup(build) {
          build.onResolve({ filter: new RegExp(`^${CLIENT}$`) }, () => ({
            path: "./client.js",
            external: true,
          }));
        },
      },
    ],
  }),
]);

mkdirSync("dist", { recursive: true });
copyFileSync("../docs/streetrace.schema.json", "dist/streetrace.schema.json");
for (const one of builds) {
  if (watch) {
    await one.watch();
  } else {
    await one.rebuild();
    await one.dispose();
  }
}
if (process.argv.includes("--size")) {
  for (const name of ["extension.js", "client.js"]) {
    console.log(`dist/${name}: ${Math.ceil(statSync(`dist/${name}`).size / 1000)} KB`);
  }
}
