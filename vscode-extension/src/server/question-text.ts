/** The first paragraph, and what is below it. */
export function split(message: string): { readonly title: string; readonly detail: string } {
  const [title = "", ...rest] = message.trim().split("\n\n");
  return { title, detail: rest.join("\n\n") };
}
