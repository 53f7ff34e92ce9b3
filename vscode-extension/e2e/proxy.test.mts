// The team's LiteLLM Proxy: its key in VS Code's store, a fix, and a question in the chat.
import assert from "node:assert/strict";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { answers, askChat, openChat, pickModel } from "./chat.mts";
import { startProxy } from "./proxy.mts";
import { story } from "./story.mts";
import {
  chooseFrom,
  clearNotifications,
  input,
  lenses,
  notification,
  offered,
  openFile,
  question,
  runCommand,
  selectFrom,
  serverSays,
  takeAction,
  trustProject,
} from "./workbench.mts";

const FILE = "receipt.py";
const KEY = "LITELLM_PROXY_API_KEY";

story(
  "The LiteLLM Proxy answers",
  async ({ steps, home, project, text, until }) => {
    const { page } = steps;
    const original = await text(FILE);
    const proxy = await startProxy(home);
    try {
      await writeFile(join(project, ".streetrace.toml"), configuration(proxy.port));

      await steps.step("the proxy's key goes into VS Code's store", async () => {
        await openFile(page, FILE);
        await serverSays(page, /restricted/);
        await runCommand(page, "Streetrace: Set API Key…");
        await chooseFrom(page, KEY, KEY);
        await input(page).fill(proxy.key);
        await page.keyboard.press("Enter");
        await notification(page, `${KEY} is stored.`).waitFor();
      });

      await steps.step("the proxy's address is agreed to", async () => {
        await selectFrom(page, 15);
        await offered(page, "Streetrace: Fix");
        await takeAction(page, "Streetrace: Fix");
        await question(page, `127.0.0.1:${proxy.port}`).waitFor();
        await trustProject(page);
      });

      await steps.step("its fix arrives with three changes", async () => {
        await lenses(page, "Keep").nth(2).waitFor();
        await page.keyboard.press("Control+s");
        const now = await until(FILE, "the fix", (found) => found !== original && found !== "");
        assert.match(now, /item\.price \* item\.quantity/);
        assert.match(now, /total \* discount \/ 100/);
        assert.match(now, /total:\.2f/);
      });

      await steps.step("another of its models answers in the chat", async () => {
        await openChat(page);
        await pickModel(page, "team/chat");
        await askChat(page, FILE);
        await answers(page).getByText("The proxy says: it writes a receipt.").waitFor();
      });

      await steps.step("the key stands in no file", async () => {
        const read = await filesBelow(join(home, "data"), join(home, "state"), project);
        assert.ok(read.has(join(project, FILE)));
        for (const [file, bytes] of read) assert.ok(!bytes.includes(proxy.key), file);
      });

      await steps.step("the key is removed, missed, and set by the message's button", async () => {
        await runCommand(page, "Streetrace: Remove API Key…");
        await chooseFrom(page, KEY, KEY);
        await notification(page, `${KEY} is removed.`).waitFor();
        await clearNotifications(page);
        await openFile(page, FILE);
        await selectFrom(page, 15);
        await offered(page, "Streetrace: Fix");
        await takeAction(page, "Streetrace: Fix");
        const missed = notification(page, `${KEY} is not set`);
        await missed.getByRole("button", { name: `Set ${KEY}…` }).click();
        await input(page).fill(proxy.key);
        await page.keyboard.press("Enter");
        await notification(page, `${KEY} is stored.`).waitFor();
      });
    } finally {
      await proxy.stop();
    }
  },
  { "security.workspace.trust.enabled": false },
);

function configuration(port: number): string {
  return `model = "team/edit"

[backends.team]
provider = "litellm_proxy"
api_base = "http://127.0.0.1:${port}"
api_key = "\${${KEY}}"
models = { edit = "fixer", chat = "talker" }
`;
}

/** What the files below some folders hold. */
async function filesBelow(...folders: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const read = new Map<string, Buffer>();
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      try {
        read.set(file, await readFile(file));
      } catch (error) {
        // VS Code moves its own files about while this looks.
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      }
    }
  }
  return read;
}
