// Prints how large the bundle is and how long it takes to load and activate it, in a Node without
// VS Code: everything that VS Code would do is left out, so only the extension's own share is seen.
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import "./build.mjs";

const BUNDLE = "dist/extension.js";
const AIM = { kilobytes: 500, milliseconds: 100 };
const RUNS = 7;
// Stands for the module `vscode`: whatever is asked of it is there, can be called and made.
const CHILD = `
  const Module = require("node:module");
  const thing = () => new Proxy(function () {}, {
    get: (_, name) => name === "then" ? undefined : name === Symbol.iterator ? [][name].bind([]) :
      name === Symbol.toPrimitive ? () => "" : thing(),
    apply: () => thing(),
    construct: () => thing(),
    set: () => true,
  });
  const load = Module._load;
  Module._load = (name, ...rest) => name === "vscode" ? Object.create(thing()) : load(name, ...rest);
  const began = performance.now();
  const extension = require(${JSON.stringify(process.cwd())} + "/${BUNDLE}");
  const loaded = performance.now();
  extension.activate({ subscriptions: [], globalState: { get: (_, other) => other }, secrets: { onDidChange() {} } });
  console.log(loaded - began, performance.now() - loaded);
  process.exit(0);
`;

const runs = Array.from({ length: RUNS }, () => {
  const child = spawnSync(process.execPath, ["-e", CHILD], { encoding: "utf8" });
  if (child.status !== 0) throw new Error(child.stderr.slice(-2000));
  return child.stdout.trim().split(" ").map(Number);
}).sort((one, other) => one[0] + one[1] - (other[0] + other[1]));
const [load, activate] = runs[Math.floor(RUNS / 2)];
const kilobytes = ["dist/extension.js", "dist/client.js"]
  .map((file) => statSync(file).size / 1000)
  .reduce((sum, size) => sum + size);
console.log(`bundle      ${kilobytes.toFixed(0)} KB (aim ${AIM.kilobytes})`);
console.log(
  `activation  ${(load + activate).toFixed(0)} ms: ${load.toFixed(0)} to load, ${activate.toFixed(0)} to activate` +
    ` (median of ${RUNS}, aim ${AIM.milliseconds})`,
);
if (kilobytes > AIM.kilobytes) process.exitCode = 1;
