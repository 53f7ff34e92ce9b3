// Packages the extension as a .vsix: `npm run package -- FILE`. The server's wheel and its locked
// requirements, where `tools/dist` has put them into dist/server, go along.
import { createVSIX } from "@vscode/vsce";
import { mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import "./build.mjs";

const target = resolve(process.argv[2] ?? "out/streetrace.vsix");
mkdirSync(dirname(target), { recursive: true });
await createVSIX({
  packagePath: target,
  dependencies: false,
  skipLicense: false,
  allowMissingRepository: true,
});
