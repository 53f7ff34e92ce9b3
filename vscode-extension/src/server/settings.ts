/** The value of a setting, and by whom it was set. */
export interface Inspected {
  readonly globalValue?: unknown;
  readonly workspaceValue?: unknown;
  readonly workspaceFolderValue?: unknown;
}

const SENT = ["model", "temperature", "maxTokens", "timeout"] as const;

/**
 * The settings as the server takes them: what the user set is said to be theirs, and what stands in
 * a workspace's settings counts as the project's, which may only narrow until it is trusted.
 * In Restricted Mode no project is trusted.
 */
export function settingsForServer(
  inspect: (name: string) => Inspected | undefined,
  restrictedMode: boolean,
): object {
  const user: Record<string, unknown> = {};
  const project: Record<string, unknown> = {};
  for (const name of SENT) {
    const found = inspect(name);
    const ofProject = found?.workspaceFolderValue ?? found?.workspaceValue;
    if (isSet(found?.globalValue)) user[name] = found?.globalValue;
    if (isSet(ofProject)) project[name] = ofProject;
  }
  return { ...project, user, restrictedMode };
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}
