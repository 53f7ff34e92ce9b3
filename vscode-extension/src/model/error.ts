import type { Failure } from "../failure";

/** How VS Code tells apart why a model gave no answer; `other` is shown as it is. */
export type Sort = "NoPermissions" | "NotFound" | "Blocked" | "Cancelled" | "other";

const SORTS: Readonly<Record<string, Sort>> = {
  cancelled: "Cancelled",
  // A person has to agree first.
  untrusted: "NoPermissions",
  auth: "NoPermissions",
  refused_origin: "NoPermissions",
  region: "NoPermissions",
  not_configured: "NotFound",
  target: "NotFound",
  not_found: "NotFound",
  // A limit, of the person's own or of the backend.
  budget: "Blocked",
  price: "Blocked",
  quota: "Blocked",
  rate_limit: "Blocked",
  content_filter: "Blocked",
};

/** The sort of `vscode.LanguageModelError` that a failure is. */
export function sortOf(failure: Failure): Sort {
  return SORTS[failure.kind] ?? "other";
}
