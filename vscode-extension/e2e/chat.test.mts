// The chat of VS Code: a question about a file, another model, a fix that is applied.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { answers, askChat, chatInput, openChat, pickModel, send } from "./chat.mts";
import { MODELS } from "./models.mts";
import { PROGRAMS } from "./project.mts";
import { story } from "./story.mts";
import { lenses, openFile, serverSays, trustFolder, trustProject } from "./workbench.mts";

const FILE = "receipt.py";

story("The chat", async ({ steps, project, text, until }) => {
  const { page } = steps;
  const original = await text(FILE);
  await writeFile(join(project, ".streetrace.toml"), MODELS);
  await promisify(execFile)(join(PROGRAMS, "python"), [
    join(import.meta.dirname, "record_chat.py"),
    project,
  ]);
  await steps.step("the folder and its project are trusted", async () => {
    await openFile(page, FILE);
    await serverSays(page, /restricted/);
    await trustFolder(page);
    await trustProject(page);
    await serverSays(page, /ready/);
  });

  await steps.step("the chat opens with Streetrace in it", async () => {
    await openChat(page);
  });

  await steps.step("a question is asked about a file", async () => {
    await askChat(page, FILE);
    await answers(page).getByText("a line for each item, and the total.").waitFor();
  });
  await steps.document("chat");

  await steps.step("it stands in the chat's document, with its file", async () => {
    const [name] = (await readdir(join(project, ".streetrace", "chats"))).filter((one) =>
      one.endsWith(".md"),
    );
    const written = await readFile(join(project, ".streetrace", "chats", String(name)), "utf8");
    assert.match(written, /## You\n\n@file receipt\.py\n\nWhat does `receipt\.py` do\?\n/);
    assert.match(written, /## Assistant \(demo\/quick\)\n\nIt writes what a customer/);
  });

  await steps.step("another of the project's models is picked", async () => {
    await pickModel(page, "demo/careful");
  });

  await steps.step("a fix is asked for, and the model that was picked answers", async () => {
    await chatInput(page).focus();
    await page.keyboard.type("/fix");
    await page.getByRole("option", { name: /^\/fix/ }).waitFor();
    await page.keyboard.press("Enter");
    await send(page);
    await answers(page).getByText("The quantity is ignored").waitFor();
    await answers(page).getByRole("button", { name: "Apply to receipt.py" }).waitFor();
    assert.equal(await text(FILE), original);
  });
  await steps.document("chat-fix");

  await steps.step("the fix is applied, and under review", async () => {
    await answers(page).getByRole("button", { name: "Apply to receipt.py" }).click();
    const wanted = original.replace("+= item.price\n", "+= item.price * item.quantity\n");
    await lenses(page, "Keep").waitFor();
    await page.keyboard.press("Control+s");
    await until(FILE, "the fix", (now) => now === wanted);
  });

  await steps.step("the next thing to ask is offered", async () => {
    await page.getByRole("button", { name: /^@streetrace \/tests/ }).waitFor();
  });
});
