import { ServerUnavailable } from "./streetrace";

/** What went wrong with a request to the server: by its error, or on the way there. */
export interface Failure {
  /** A kind of docs/protocol.md, `cancelled`, `unavailable`, `params` or `unknown`. */
  readonly kind: string;
  /** A sentence for a person, and what they can do now. */
  readonly message: string;
}

const REQUEST_FAILED = -32803;
const INVALID_PARAMS = -32602;
// LSP 3.17, "Base Protocol": both say that nobody waits for the answer any more.
const CANCELLED = new Set([-32800, -32802]);
// JSON-RPC of vscode-languageclient: the connection ended, or there is none.
const GONE = new Set([-32097, -32099, -32096]);

/** Reads an error that a request was rejected with. */
export function failureOf(error: unknown): Failure {
  const found = isRecord(error) ? error : {};
  const said = typeof found["message"] === "string" ? found["message"] : String(error);
  const code = found["code"];
  if (typeof code === "number") {
    if (CANCELLED.has(code)) return { kind: "cancelled", message: said };
    if (GONE.has(code)) return { kind: "unavailable", message: said };
    if (code === INVALID_PARAMS) return { kind: "params", message: said };
    if (code === REQUEST_FAILED) return refused(said, found["data"]);
  }
  if (error instanceof ServerUnavailable) return { kind: "unavailable", message: said };
  if (found["name"] === "Canceled") return { kind: "cancelled", message: said };
  return { kind: "unknown", message: said };
}

function refused(said: string, data: unknown): Failure {
  const { kind, nextStep } = isRecord(data) ? data : {};
  const next = typeof nextStep === "string" && nextStep ? ` ${nextStep}` : "";
  return { kind: typeof kind === "string" ? kind : "unknown", message: `${said}${next}` };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
