// The chat of VS Code: a question about a file, other models, a fix that is applied, a message.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { answers, askChat, chatInput, openChat, pickModel, send } from "./chat.mts";
import { MODELS } from "./models.mts";
import { PROGRAMS } from "./project.mts";
import { startSlow } from "./slow.mts";
import { story } from "./story.mts";
import {
  clearNotifications,
  closeTrustPage,
  goToLine,
  input,
  lenses,
  notification,
  openFile,
  quickInput,
  runCommand,
  selectFrom,
  serverSays,
  statusBar,
  trustFolder,
  trustProject,
} from "./workbench.mts";

const FILE = "receipt.py";
const CHATS = ".streetrace/chats";
const BLOCK = "<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n";
const run = promisify(execFile);

// The oldest VS Code that is tested shows no chat as code-server, since that names no default one.
const NATIVE = process.env["STREETRACE_VSCODE_VERSION"] !== "1.104";

story("The chat document", async ({ steps, project, text, until }) => {
  const { page } = steps;
  await openFile(page, FILE);
  await selectFrom(page, 28);

  await steps.step("a chat opens beside, about the selected lines", async () => {
    await runCommand(page, "Streetrace: Open Chat Document to the Side");
    await page.getByRole("tab", { name: /^chat-.*\.md/, selected: true }).waitFor();
    const written = await text(join(CHATS, await chatIn(join(project, CHATS))));
    assert.equal(written, "# Chat\n\n## You\n\n@selection receipt.py:28-30\n\n");
  });

  await steps.step("VS Code's own chat is offered where there is one", async () => {
    await page.keyboard.press("F1");
    await input(page).fill(">Streetrace: Open Chat");
    const offered = quickInput(page).getByRole("option");
    await offered.filter({ hasText: "Open Chat Document" }).first().waitFor();
    const own = offered.filter({ hasText: /Streetrace: Open Chat(?! Document)/ });
    assert.equal(await own.count(), NATIVE ? 1 : 0);
    await page.keyboard.press("Escape");
  });

  await steps.step("by keys, too: what is typed goes to its end", async () => {
    await page.getByRole("tab", { name: FILE }).click();
    await selectFrom(page, 28);
    await page.keyboard.press("Control+Alt+s");
    await page.keyboard.press("c");
    await page.getByRole("tab", { name: /^chat-2\.md/, selected: true }).waitFor();
    await page.getByRole("tab", { name: FILE, selected: true }).waitFor();
    await statusBar(page, /^Ln 7, Col 1/).waitFor();
  });

  await steps.step("without any words nothing is sent", async () => {
    await page.keyboard.press("Control+Enter");
    await notification(page, "Write your question beside what you attach").waitFor();
    await page.keyboard.type("Why?");
    await page.keyboard.press("Control+s");
    const asked = "# Chat\n\n## You\n\n@selection receipt.py:28-30\n\nWhy?";
    await until(join(CHATS, "chat-2.md"), "the question", (now) => now === asked);
  });
});

const nativeStory = NATIVE ? story : (): void => undefined;
nativeStory("The chat", async ({ steps, project, text, until }) => {
  const { page } = steps;
  const slow = await startSlow("This is one half of the answer,");
  const original = await text(FILE);
  await writeFile(join(project, ".streetrace.toml"), MODELS + ofSlow(slow.address));
  await writeFile(join(project, "prices.json"), '{"apple": 1 "pear": 2}\n');
  // Elsewhere than in a chat such a block is taken for a merge conflict.
  await writeFile(join(project, "merge.md"), BLOCK);
  await run("git", ["init", "--quiet"], { cwd: project });
  await run("git", ["add", FILE], { cwd: project });
  await run(join(PROGRAMS, "python"), [join(import.meta.dirname, "record_chat.py"), project]);
  await steps.step("the folder and its project are trusted", async () => {
    await openFile(page, FILE);
    await serverSays(page, /restricted/);
    await trustFolder(page);
    await trustProject(page);
    await closeTrustPage(page);
    await serverSays(page, /ready/);
    await notification(page, "Trusted now: ").waitFor();
    await clearNotifications(page);
  });

  await steps.step("the chat opens with Streetrace in it", async () => {
    await openChat(page);
  });

  await steps.step("a question is asked about a file", async () => {
    await askChat(page, FILE);
    await answers(page).getByText("a line for each item, and the total.").waitFor();
  });
  await steps.document("chat");

  const chat = join(CHATS, await chatIn(join(project, CHATS)));
  await steps.step("it stands in the chat's document, with its file", async () => {
    const written = await text(chat);
    assert.match(written, /## You\n\n@file receipt\.py\n\nWhat does `receipt\.py` do\?\n/);
    assert.match(written, /## Assistant \(demo\/quick\)\n\nIt writes what a customer/);
  });

  await steps.step("another of the project's models is picked", () =>
    pickModel(page, "demo/careful"),
  );

  await steps.step("it answers the same question once more, in place of the answer", async () => {
    await page.getByRole("button", { name: "Retry" }).last().click();
    await answers(page).getByText("It forgets the quantity").waitFor();
    const written = await until(chat, "the other answer", (now) => now.includes("It forgets"));
    assert.deepEqual(written.match(/^## Assistant .*$/gm), ["## Assistant (demo/careful)"]);
  });

  await steps.step("a fix is asked for", async () => {
    await chatInput(page).focus();
    await page.keyboard.type("/fix");
    await page.getByRole("option", { name: /^\/fix/ }).waitFor();
    await page.keyboard.press("Enter");
    await send(page);
    await answers(page).getByText("The quantity is ignored").waitFor();
    // The change as a diff, not as the search/replace block that the model wrote.
    await answers(page).getByText("+        total += item.price * item.quantity").waitFor();
    assert.equal(await answers(page).getByText("SEARCH").count(), 0);
    await answers(page)
      .getByRole("button", { name: `Apply to ${FILE}` })
      .waitFor();
    assert.equal(await text(FILE), original);
  });
  await steps.document("chat-fix");

  await steps.step("the fix is applied, and under review", async () => {
    await answers(page)
      .getByRole("button", { name: `Apply to ${FILE}` })
      .click();
    await lenses(page, "Keep").first().waitFor();
    await page.keyboard.press("Control+s");
    const wanted = original.replace("+= item.price\n", "+= item.price * item.quantity\n");
    await until(FILE, "the fix", (now) => now === wanted);
  });

  await steps.step("the next thing to ask is offered", async () => {
    await page.getByRole("button", { name: /^@streetrace \/tests/ }).waitFor();
  });

  await steps.step("the message for what is staged is written where it is needed", async () => {
    await chatInput(page).focus();
    await page.keyboard.type("/commit");
    await page.getByRole("option", { name: /^\/commit/ }).waitFor();
    await page.keyboard.press("Enter");
    await send(page);
    await answers(page).getByRole("button", { name: "Use as Commit Message" }).click();
    await page.getByRole("treeitem", { name: /Source Control Input/ }).waitFor();
    await page
      .getByRole("treeitem", { name: /Source Control Input/ })
      .getByText("Count the quantity of each item")
      .waitFor();
  });

  await steps.step("an answer is stopped, and what was written stays", async () => {
    await openFile(page, "prices.json");
    await statusBar(page, "Errors: 1").waitFor();
    await pickModel(page, "slow/endless");
    await chatInput(page).focus();
    await page.keyboard.type("Tell me everything about #problems ");
    await send(page);
    await answers(page).getByText("This is one half").waitFor();
    const [body = "{}"] = slow.asked;
    const { messages } = JSON.parse(body) as { messages: { content: string }[] };
    assert.match(String(messages.at(-1)?.content), /@diagnostics\n\nTell me everything about/);
    assert.match(String(messages.at(-1)?.content), /\nprices\.json:1: Expected comma/);
    await page.getByRole("button", { name: /^Cancel/ }).click();
    await slow.left();
    await until(chat, "the half answer", (now) =>
      now.includes("one half of the answer,\n\n> Streetrace: stopped"),
    );
  });

  await steps.step("its document shows no merge conflict", async () => {
    await openFile(page, "merge.md");
    await lenses(page, "Accept Current Change").waitFor();
    await runCommand(page, "Streetrace: Open Last Chat");
    await page.getByRole("tab", { name: /^chat-1\.md/, selected: true }).waitFor();
    await goToLine(page, 28);
    await lenses(page, "Apply").first().waitFor();
    await page.getByText("<<<<<<< SEARCH").first().waitFor();
    const inChat = page.locator(".editor-instance").filter({ hasText: "## Assistant" });
    await inChat.waitFor();
    assert.equal(await inChat.getByRole("button", { name: "Accept Current Change" }).count(), 0);
    assert.equal(await lenses(page, `Create ${FILE}`).count(), 0);
  });
  slow.stop();
});

function ofSlow(address: string): string {
  return `
[backends.slow]
provider = "openai"
api_base = "${address}"

[backends.slow.models]
endless = "endless"
`;
}

/** The only chat of a folder. */
async function chatIn(folder: string): Promise<string> {
  const found = (await readdir(folder)).filter((name) => name.endsWith(".md"));
  assert.equal(found.length, 1);
  return String(found[0]);
}
