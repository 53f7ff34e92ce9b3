// VS Code's chat view, as a person uses it.
import type { Locator, Page } from "playwright-core";
import { eventually, runCommand } from "./workbench.mts";

/** Opens the chat with Streetrace in it, and its models in the picker. */
export async function openChat(page: Page): Promise<void> {
  await runCommand(page, "Streetrace: Open Chat");
  await page.getByRole("button", { name: "Models, As configured" }).waitFor();
}

/** Takes a model by its name in the picker below the question. */
export async function pickModel(page: Page, name: string): Promise<void> {
  const picker = page.getByRole("button", { name: /^Models, / });
  const model = page.getByRole("option", { name: new RegExp(`^${name}`) });
  await eventually(page, `the picker has ${name}`, async () => {
    await picker.click();
    await page.getByRole("combobox", { name: "Search models" }).fill(name);
    if (await model.isVisible()) return true;
    // What is open already knows nothing of a model that is told of later.
    await page.keyboard.press("Escape");
    await page.getByRole("combobox", { name: "Search models" }).waitFor({ state: "hidden" });
    return false;
  });
  await model.click();
  await page.getByRole("button", { name: `Models, ${name}` }).waitFor();
}

/** Asks what a file does, with the file attached by `#`. */
export async function askChat(page: Page, file: string): Promise<void> {
  await chatInput(page).focus();
  await page.keyboard.type(`What does #${file.slice(0, 3)}`);
  await page
    .getByRole("option", { name: new RegExp(`^${file.replaceAll(".", "\\.")},`) })
    .waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.type("do?");
  await send(page);
}

export function answers(page: Page): Locator {
  return page.getByRole("list", { name: "Chat", exact: true });
}

export function chatInput(page: Page): Locator {
  return page.getByRole("textbox", { name: /^Chat Input/ });
}

export async function send(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Send/ }).click();
}
