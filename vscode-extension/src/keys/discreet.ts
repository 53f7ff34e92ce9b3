import type { LogOutputChannel } from "vscode";

const hidden = new Set<string>();

/** From now on this text is left out of what `discreet` writes. */
export function hide(secret: string): void {
  if (secret.length > 0) hidden.add(secret);
}

/** A text without any of the hidden ones, as they are or as JSON writes them. */
export function withoutSecrets(text: string): string {
  let shown = text;
  for (const secret of hidden) {
    for (const form of new Set([secret, JSON.stringify(secret).slice(1, -1)])) {
      shown = shown.replaceAll(form, "•••");
    }
  }
  return shown;
}

/** The same log, which leaves out hidden texts: a trace holds whole messages. */
export function discreet(log: LogOutputChannel): LogOutputChannel {
  return new Proxy(log, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) =>
        Reflect.apply(
          value,
          target,
          args.map((one) => (typeof one === "string" ? withoutSecrets(one) : one)),
        ) as unknown;
    },
  });
}
