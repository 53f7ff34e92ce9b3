/** The first paragraph, and what is below it. */
export function split(message: string): { readonly title: string; readonly detail: string } {
  const [title = "", ...rest] = message.trim().split("\n\n");
  return { title, detail: rest.join("\n\n") };
}

/** What the server calls the answer that decides nothing. */
const NO_DECISION = "Not now";

/**
 * The answers in the order of their buttons. VS Code focuses the first one of a dialog, which may
 * come while a person types: so that is the one that decides nothing.
 */
export function ordered<Action extends { readonly title: string }>(
  actions: readonly Action[],
  modal: boolean,
): Action[] {
  const decidesNothing = ({ title }: Action): boolean => title === NO_DECISION;
  return modal
    ? [...actions.filter(decidesNothing), ...actions.filter((one) => !decidesNothing(one))]
    : [...actions];
}
