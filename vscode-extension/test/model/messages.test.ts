import assert from "node:assert/strict";
import { test } from "node:test";
import { asked, NotTaken } from "../../src/model/messages";

// The shapes of VS Code's own classes; a message may bring those of another extension.
const [USER, ASSISTANT, SYSTEM] = [1, 2, 3];
const text = (value: string): object => ({ value });
const call = (callId: string, name: string, input: object): object => ({ callId, name, input });
const result = (callId: string, content: unknown[]): object => ({ callId, content });
const data = (mimeType: string, said: string): object => ({
  mimeType,
  data: new TextEncoder().encode(said),
});

test("the parts of a message are one text, and each message keeps its role", () => {
  const messages = [
    { role: SYSTEM, content: [text("Be brief.")] },
    { role: USER, content: [text("What is "), text("this?")] },
    { role: ASSISTANT, content: [text("A test.")] },
  ];
  assert.deepEqual(asked(messages, {}), {
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "What is this?" },
      { role: "assistant", content: "A test." },
    ],
  });
});

test("a call of a tool and its result go back to the model, the result before further words", () => {
  const messages = [
    { role: ASSISTANT, content: [text("Let me see."), call("1", "read", { path: "a" })] },
    { role: USER, content: [text("Go on."), result("1", [text("x"), text("y")])] },
  ];
  assert.deepEqual(asked(messages, {}).messages, [
    {
      role: "assistant",
      content: "Let me see.",
      toolCalls: [{ id: "1", name: "read", arguments: '{"path":"a"}' }],
    },
    { role: "tool", toolCallId: "1", content: "xy" },
    { role: "user", content: "Go on." },
  ]);
});

test("a call without words is a message, and one without anything is none", () => {
  const messages = [
    { role: USER, content: [text("")] },
    { role: ASSISTANT, content: [call("1", "now", {})] },
    { role: ASSISTANT, content: [] },
  ];
  assert.deepEqual(asked(messages, {}).messages, [
    { role: "assistant", content: "", toolCalls: [{ id: "1", name: "now", arguments: "{}" }] },
  ]);
});

test("a tool's result may be a tree of prompt-tsx, JSON, or nothing", () => {
  const node = {
    type: 1,
    children: [
      { type: 2, text: "one" },
      { type: 1, children: [{ type: 2, text: "two", lineBreakBefore: true }] },
    ],
  };
  const messages = [
    {
      role: USER,
      content: [
        result("1", [{ value: { node } }]),
        result("2", [data("application/json", '{"a":1}'), data("image/png", "…")]),
        result("3", []),
      ],
    },
  ];
  assert.deepEqual(
    asked(messages, {}).messages.map(({ content }) => content),
    ["one\ntwo", '{"a":1}[image/png]', ""],
  );
});

test("marks of a cache and thoughts are passed over", () => {
  const thought = { value: "Hm.", id: undefined, metadata: undefined };
  const messages = [
    { role: USER, content: [text("Hi"), { mimeType: "cache_control", data: new Uint8Array() }] },
    { role: ASSISTANT, content: [thought, text("Ho")] },
  ];
  assert.deepEqual(
    asked(messages, {}).messages.map(({ content }) => content),
    ["Hi", "Ho"],
  );
});

test("an image is refused by its type, and a text file is text", () => {
  const image = [{ role: USER, content: [text("What?"), data("image/png", "…")] }];
  assert.throws(() => asked(image, {}), new NotTaken("image/png"));
  const file = [{ role: USER, content: [data("text/plain", "x = 1")] }];
  assert.deepEqual(asked(file, {}).messages, [{ role: "user", content: "x = 1" }]);
});

test("tools go along with their schema as it is; that one has to be called as well", () => {
  const schema = { type: "object", properties: { path: { type: "string" } } };
  const tools = [
    { name: "read", description: "Reads.", inputSchema: schema },
    { name: "now", description: "", inputSchema: undefined },
  ];
  const found = asked([], { tools, toolMode: 2 });
  assert.deepEqual(found.tools, [
    { name: "read", description: "Reads.", parameters: schema },
    { name: "now" },
  ]);
  assert.equal(found.toolChoice, "required");
  assert.equal("toolChoice" in asked([], { tools, toolMode: 1 }), false);
  assert.equal("toolChoice" in asked([], { tools: [], toolMode: 2 }), false);
});

test("of the model's options those that the server takes go along, where they make sense", () => {
  const taken = { max_tokens: 100, temperature: 0.2, top_p: 1 };
  const found = asked([], { modelOptions: taken });
  assert.deepEqual(found, { messages: [], maxTokens: 100, temperature: 0.2 });
  const not = { maxTokens: 1.5, temperature: "hot" };
  assert.deepEqual(asked([], { modelOptions: not }), { messages: [] });
});
