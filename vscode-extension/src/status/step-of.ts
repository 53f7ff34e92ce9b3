/** The step of the walkthrough that a command or a request of the server does; see package.json. */
export function stepOf(asked: string): "acted" | "talked" | undefined {
  if (asked === "streetrace.action") return "acted";
  return /^streetrace[./]chat[./]/.test(asked) ? "talked" : undefined;
}
