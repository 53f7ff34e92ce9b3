// A model server that never comes to an end: it says some words, and waits until nobody listens.
import { once } from "node:events";
import { type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Slow {
  readonly address: string;
  /** The requests so far, as JSON. */
  readonly asked: readonly string[];
  /** Resolves when who asked has closed the connection. */
  left(): Promise<void>;
  stop(): void;
}

/** Starts one on loopback, in OpenAI's wire format, which says `words`. */
export async function startSlow(words: string): Promise<Slow> {
  const answer = (response: ServerResponse): void => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const content of words.split(/(?= )/)) {
      const choices = [{ index: 0, delta: { role: "assistant", content }, finish_reason: null }];
      const chunk = {
        id: "1",
        object: "chat.completion.chunk",
        created: 0,
        model: "slow",
        choices,
      };
      response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    }
  };
  const asked: string[] = [];
  const gone = Promise.withResolvers<undefined>();
  const server: Server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      asked.push(Buffer.concat(pieces).toString("utf8"));
      answer(response);
      response.on("close", () => {
        gone.resolve(undefined);
      });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A story that fails shall end all the same.
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    address: `http://127.0.0.1:${port}/v1`,
    left: () => gone.promise,
    stop(): void {
      server.closeAllConnections();
      server.close();
    },
  };
}
