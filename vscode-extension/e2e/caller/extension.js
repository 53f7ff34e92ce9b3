// Asks Streetrace's models through VS Code's own API, and writes what came into answers.json.
const vscode = require("vscode");

const WEATHER = {
  name: "weather",
  description: "The weather in a city.",
  inputSchema: { type: "object", properties: { city: { type: "string" } } },
};

// One black pixel: VS Code looks into an image before it passes it on.
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==";

exports.activate = (context) => {
  context.subscriptions.push(vscode.commands.registerCommand("caller.ask", ask));
};

async function ask() {
  const first = await vscode.lm.selectChatModels({ vendor: "streetrace" });
  const configured = first.find((one) => one.id === "@configured");
  const hello = await answer(configured, [vscode.LanguageModelChatMessage.User("Say hello.")]);
  const changed = once(vscode.lm.onDidChangeChatModels);
  const known = await vscode.lm.selectChatModels({ vendor: "streetrace" });
  if (known.length === first.length) await changed;
  const all = await vscode.lm.selectChatModels({ vendor: "streetrace" });
  const careful = all.find((one) => one.id === "demo/careful");
  const question = vscode.LanguageModelChatMessage.User("What is the weather in Rome?");
  const called = await answer(careful, [question], { tools: [WEATHER] });
  const [call] = called.calls;
  const used = vscode.LanguageModelChatMessage.Assistant([
    new vscode.LanguageModelToolCallPart(call.callId, call.name, call.input),
  ]);
  const result = vscode.LanguageModelChatMessage.User([
    new vscode.LanguageModelToolResultPart(call.callId, [
      new vscode.LanguageModelTextPart("18 degrees, rain"),
    ]),
  ]);
  await write({
    first: first.map((one) => one.id),
    all: all.map(({ id, name, vendor, maxInputTokens }) => ({ id, name, vendor, maxInputTokens })),
    tokens: [
      await careful.countTokens("a".repeat(70)),
      await careful.countTokens(vscode.LanguageModelChatMessage.User("a".repeat(35))),
    ],
    hello,
    called,
    told: await answer(careful, [question, used, result], { tools: [WEATHER] }),
    unknown: await answer(careful, [vscode.LanguageModelChatMessage.User("Nobody recorded this.")]),
    image: await answer(careful, [
      vscode.LanguageModelChatMessage.User([
        vscode.LanguageModelDataPart?.image(Buffer.from(PIXEL, "base64"), "image/png") ??
          new vscode.LanguageModelTextPart("Nobody recorded this either."),
      ]),
    ]),
  });
}

async function answer(model, messages, options = {}) {
  const token = new vscode.CancellationTokenSource().token;
  const found = { text: "", calls: [] };
  try {
    const response = await model.sendRequest(messages, options, token);
    for await (const part of response.stream) {
      if (part instanceof vscode.LanguageModelTextPart) found.text += part.value;
      if (part instanceof vscode.LanguageModelToolCallPart) found.calls.push(part);
    }
  } catch (error) {
    found.error = { name: error.name, code: error.code, message: error.message };
  }
  return found;
}

function once(event) {
  return new Promise((resolve) => {
    const listening = event(() => {
      listening.dispose();
      resolve();
    });
  });
}

async function write(what) {
  const folder = vscode.workspace.workspaceFolders[0].uri;
  const text = new TextEncoder().encode(JSON.stringify(what, null, 2));
  await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, "answers.json"), text);
}
