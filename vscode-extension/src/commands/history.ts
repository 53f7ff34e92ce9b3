/** So many instructions are kept. */
const KEPT = 50;

/** The history with an instruction in front, once, the oldest left out. */
export function remembered(history: readonly string[], instruction: string): string[] {
  const words = instruction.trim();
  if (words === "") return [...history];
  return [words, ...history.filter((one) => one !== words)].slice(0, KEPT);
}

/** What is offered below the input: what was typed, then what was typed before, once each. */
export function offered(history: readonly string[], typed: string): string[] {
  const words = typed.trim();
  return words === "" ? [...history] : [words, ...history.filter((one) => one !== words)];
}
