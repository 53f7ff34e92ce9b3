// What a person does in VS Code's window, by the names that a screen reader says.
import type { Locator, Page } from "playwright-core";

/** How long anything may take, in milliseconds: a loaded machine, not a fast one. */
export const PATIENCE = 120_000;
// VS Code itself asks for the code actions of a new selection, a quarter of a second later, and
// forgets then what a quicker person asked for and has no answer to yet. Nothing tells of that.
const FORGOTTEN = 5_000;

/** Opens a folder, as `File: Open Folder` does, and waits until the window is ready. */
export async function openFolder(page: Page, url: string, folder: string): Promise<void> {
  await page.goto(`${url}?folder=${encodeURIComponent(folder)}`);
  await page.getByRole("tree", { name: "Files Explorer" }).waitFor();
}

/** Runs a command of the palette, by its whole title. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press("F1");
  await chooseFrom(page, `>${title}`, title);
}

/** Types into the input that stands open, and takes the entry of that name. */
export async function chooseFrom(page: Page, typed: string, name: string): Promise<void> {
  await input(page).fill(typed);
  const entry = quickInput(page).getByRole("option").filter({ hasText: name }).first();
  await entry.waitFor();
  await entry.click();
}

/** The window in the middle above, with a text field and perhaps a list. */
export function quickInput(page: Page): Locator {
  return page.locator(".quick-input-widget");
}

export function input(page: Page): Locator {
  return quickInput(page).getByRole("textbox").or(quickInput(page).getByRole("combobox")).first();
}

/**
 * Opens a file of the folder, by its path in it. VS Code lists the files once and answers from that
 * list: a file that was written since is not offered.
 */
export async function openFile(page: Page, path: string): Promise<void> {
  await page.keyboard.press("Control+p");
  await chooseFrom(page, path, path);
  const name = path.slice(path.lastIndexOf("/") + 1);
  await page.getByRole("tab", { name, selected: true }).first().waitFor();
}

/** Puts the cursor at the start of a line, from 1, and the keyboard into the editor. */
export async function goToLine(page: Page, line: number): Promise<void> {
  await page.keyboard.press("Control+g");
  await input(page).fill(`:${line}`);
  await page
    .getByRole("option", { name: `Go to line ${line}` })
    .first()
    .waitFor();
  await page.keyboard.press("Enter");
  await quickInput(page).waitFor({ state: "hidden" });
  await statusBar(page, new RegExp(`^Ln ${line}, Col 1`)).waitFor();
}

/** Selects a line, from 1, and everything below it. */
export async function selectFrom(page: Page, line: number): Promise<void> {
  await goToLine(page, line);
  await page.keyboard.press("Control+Shift+End");
  await statusBar(page, /selected\)$/).waitFor();
}

/**
 * Trusts the folder that is open in Restricted Mode, by its button in the status bar. What its
 * project names is asked about right away, before that page is closed.
 */
export async function trustFolder(page: Page): Promise<void> {
  const restricted = statusBar(page, /^Restricted Mode/);
  await restricted.click();
  await page.getByRole("button", { name: "Trust", exact: true }).click();
  await restricted.waitFor({ state: "hidden" });
}

/** Closes the page of `trustFolder`. */
export async function closeTrustPage(page: Page): Promise<void> {
  // Newer versions show this page in a window of its own.
  const tab = page.getByRole("tab", { name: /^Workspace Trust/ });
  await page
    .getByRole("button", { name: /^Close Modal Editor/ })
    .or(tab.getByRole("button", { name: /^Close/ }))
    .click();
}

/** A button of the status bar. */
export function statusBar(page: Page, name: RegExp | string): Locator {
  return page.locator(".statusbar").getByRole("button", { name });
}

/** Waits until our item in the status bar says something of the file that is shown. */
export async function serverSays(
  page: Page,
  words: RegExp,
  patience: number = PATIENCE,
): Promise<void> {
  const says = new RegExp(`^Editor Language Status: .*${words.source}`);
  await statusBar(page, says).waitFor({ timeout: patience });
}

/** Opens the menu of the light bulb at the cursor; resolves when it offers `title`. */
export async function offered(page: Page, title: string): Promise<Locator> {
  const menu = page.getByRole("listbox", { name: "Action Widget" });
  const entry = menu.getByRole("option").filter({ hasText: title }).first();
  const nothing = page.locator(".monaco-editor-overlaymessage");
  const answer = menu.or(nothing).first();
  await eventually(page, `the light bulb offers ${title}`, async () => {
    await page.keyboard.press("Control+.");
    try {
      await answer.waitFor({ timeout: FORGOTTEN });
    } catch {
      // By the palette: where the menu comes after all, the keys would take its first entry.
      await runCommand(page, "Quick Fix...");
      await answer.waitFor();
    }
    if (await entry.isVisible()) return true;
    // A server that has just begun may not know the document yet.
    await page.keyboard.press("Escape");
    await answer.waitFor({ state: "hidden" });
    return false;
  });
  return entry;
}

/** Takes an entry of the light bulb's open menu by the keyboard. */
export async function takeAction(page: Page, title: string): Promise<void> {
  const menu = page.getByRole("listbox", { name: "Action Widget" });
  const focused = menu.locator(".monaco-list-row.focused");
  const count = await menu.getByRole("option").count();
  for (let down = 0; down < count; down++) {
    const name = (await focused.getAttribute("aria-label")) ?? "";
    if (name === title || name.startsWith(`${title}, `)) {
      await page.keyboard.press("Enter");
      await menu.waitFor({ state: "hidden" });
      return;
    }
    await page.keyboard.press("ArrowDown");
  }
  throw new Error(`The light bulb's menu has no ${title}`);
}

/** The lenses of that text above the lines of the editor, from the top. */
export function lenses(page: Page, text: string): Locator {
  return page.locator(".codelens-decoration").getByRole("button", { name: text, exact: true });
}

/** A notification at the bottom right that holds a text. */
export function notification(page: Page, text: string | RegExp): Locator {
  return page
    .locator(".notifications-toasts .notification-toast")
    .filter({ hasText: text })
    .first();
}

/** A question that has to be answered before anything else, by a part of its text. */
export function question(page: Page, text: string): Locator {
  return page.getByRole("dialog").filter({ hasText: text });
}

/** Agrees to what the project's configuration names, when that is asked. */
export async function trustProject(page: Page): Promise<void> {
  await question(page, "Trust it?").getByRole("button", { name: "Trust", exact: true }).click();
}

/** Takes away what was said at the bottom right, which would hide what is below it. */
export async function clearNotifications(page: Page): Promise<void> {
  await runCommand(page, "Notifications: Clear All Notifications");
  await page.locator(".notification-toast").first().waitFor({ state: "hidden" });
}

/** Waits until `holds` says so; what it looks at must be what the person sees, or the disk. */
export async function eventually(
  page: Page,
  what: string,
  holds: () => Promise<boolean>,
): Promise<void> {
  const until = Date.now() + PATIENCE;
  while (!(await holds())) {
    if (Date.now() > until) throw new Error(`This never came: ${what}`);
    // The next frame that the window paints: nothing can have changed before.
    await page.evaluate(() => new Promise((painted) => requestAnimationFrame(painted)));
  }
}
