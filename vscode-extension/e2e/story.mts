// One story: a user with a project, in a VS Code of their own, with the packaged extension.
import { join } from "node:path";
import { test } from "node:test";
import { Steps } from "./artifacts.mts";
import { launchBrowser } from "./browser.mts";
import { type Installation, type Running, install, start } from "./codeServer.mts";
import { type Place, newPlace, PROGRAMS } from "./project.mts";
import { PATIENCE, openFolder } from "./workbench.mts";

/** What every user of these stories has set. */
export const SETTINGS = {
  "files.autoSave": "off",
  "workbench.startupEditor": "none",
  // A folder opens in Restricted Mode; older versions ask first.
  "security.workspace.trust.startupPrompt": "never",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "editor.minimap.enabled": false,
  "window.commandCenter": false,
  "telemetry.telemetryLevel": "off",
  "workbench.colorTheme": "Default Dark Modern",
} as const;
const SIZE = { width: 1100, height: 700 };

export interface Story extends Place {
  readonly steps: Steps;
  readonly running: Running;
}

/**
 * Tells a story: `STREETRACE_VSCODE` is its VS Code, `STREETRACE_VSIX` the extension, `others` are
 * packaged extensions besides, `programs` is the folder of the server's executable.
 */
export function story(
  name: string,
  tell: (story: Story) => Promise<void>,
  settings: Readonly<Record<string, unknown>> = {},
  others: readonly string[] = [],
  programs: string = PROGRAMS,
): void {
  test(name, { timeout: 10 * PATIENCE }, async () => {
    const where: Installation = {
      folder: wanted("STREETRACE_VSCODE"),
      version: wanted("STREETRACE_VSCODE_VERSION"),
    };
    const place = await newPlace();
    const who = { home: place.home, programs, settings: { ...SETTINGS, ...settings } };
    for (const vsix of [wanted("STREETRACE_VSIX"), ...others]) await install(where, who, vsix);
    const running = await start(where, who);
    const browser = await launchBrowser();
    const page = await browser.newPage({ viewport: SIZE, reducedMotion: "reduce" });
    page.setDefaultTimeout(PATIENCE);
    const steps = await Steps.begin(where.version, name.replaceAll(/\W+/g, "-"), page);
    try {
      console.log(name);
      await steps.step("the folder opens", () => openFolder(page, running.url, place.project));
      await tell({ ...place, steps, running });
    } finally {
      await browser.close();
      await running.stop();
      await steps.keepLogs(join(place.home, "data", "logs"));
      await place.remove();
    }
  });
}

function wanted(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is missing: run make e2e-vscode`);
  return value;
}
