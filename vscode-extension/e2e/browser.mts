// Debian's Chromium, in which VS Code is shown.
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const EXECUTABLES = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];
// No page of this browser may ask anything but loopback.
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
];

export async function launchBrowser(): Promise<Browser> {
  const executablePath = EXECUTABLES.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error("Chromium is missing: tools/provision-vscode");
  return await chromium.launch({ executablePath, args: ARGUMENTS });
}
