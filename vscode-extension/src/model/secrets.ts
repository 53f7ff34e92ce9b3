import type { Call } from "./wire";

/**
 * A call that names a secret which was not sent, by its place-holder. It is not passed on: with the
 * place-holder a tool would write that where the secret belongs, and with the secret it might carry
 * it anywhere.
 */
export function callWithSecret(
  calls: readonly Call[],
  placeholders: Readonly<Record<string, string>>,
): { readonly tool: string; readonly placeholder: string } | undefined {
  for (const call of calls) {
    const placeholder = Object.keys(placeholders).find((one) => call.arguments.includes(one));
    if (placeholder !== undefined) return { tool: call.name, placeholder };
  }
  return undefined;
}
