import type { StaticFeature } from "vscode-languageclient/node";
import { SERVER_COMMANDS } from "../commands/server-commands";

/**
 * What this client has beside LSP (docs/protocol.md), and that it registers the server's commands
 * itself: they are in the palette before a server runs, and start one. A command that this version
 * does not know stays with the client, which registers it under its own id.
 */
export const ours = (version: string): StaticFeature => ({
  fillClientCapabilities(capabilities) {
    const experimental = (capabilities.experimental ?? {}) as Record<string, unknown>;
    capabilities.experimental = {
      ...experimental,
      streetrace: { version, input: true, review: true, keys: true, endings: true },
    };
  },
  preInitialize(capabilities) {
    const provider = capabilities.executeCommandProvider;
    if (provider === undefined) return;
    const known = new Set<string>(SERVER_COMMANDS);
    provider.commands = provider.commands.filter((command) => !known.has(command));
  },
  initialize() {
    // Nothing is registered.
  },
  getState() {
    return { kind: "static" };
  },
  clear() {
    // Nothing was registered.
  },
});
