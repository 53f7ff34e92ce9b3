/** Whether a path or a URI is that of a chat: a Markdown file in the folder of chats. */
export function isChatPath(path: unknown): boolean {
  return typeof path === "string" && /\/\.streetrace\/chats\/[^/]+\.md$/.test(path);
}
