import * as vscode from "vscode";

/** What is used of the Python extension's environments; see its published API. */
interface PythonApi {
  readonly environments: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    resolveEnvironment(
      path: { readonly path: string } | string,
    ): Promise<{ readonly executable: { readonly uri: vscode.Uri | undefined } } | undefined>;
    readonly onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

/** How long the Python extension may take to start, in milliseconds: nobody depends on it. */
const PATIENCE = 5000;

/** The interpreter of the environment selected for the workspace, if that extension is there. */
export async function selectedInterpreter(): Promise<string | undefined> {
  const environments = (await pythonApi())?.environments;
  if (environments === undefined) return undefined;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const found = await environments.resolveEnvironment(
    environments.getActiveEnvironmentPath(folder),
  );
  return found?.executable.uri?.fsPath;
}

/** Calls back when another environment is selected. Does not start the Python extension. */
export function onDidSelectInterpreter(changed: () => void): vscode.Disposable {
  const extension = pythonExtension();
  if (extension?.isActive !== true) return new vscode.Disposable(() => undefined);
  return (
    environmentsOf(extension.exports)?.onDidChangeActiveEnvironmentPath(changed) ??
    new vscode.Disposable(() => undefined)
  );
}

async function pythonApi(): Promise<PythonApi | undefined> {
  const extension = pythonExtension();
  if (extension === undefined) return undefined;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, PATIENCE, undefined);
  });
  try {
    const api = await Promise.race([Promise.resolve(extension.activate()), late]);
    return environmentsOf(api) === undefined ? undefined : (api as PythonApi);
  } catch {
    return undefined; // its own trouble, which it reports itself
  } finally {
    clearTimeout(timer);
  }
}

function pythonExtension(): vscode.Extension<unknown> | undefined {
  return vscode.extensions.getExtension("ms-python.python");
}

function environmentsOf(api: unknown): PythonApi["environments"] | undefined {
  return (api as Partial<PythonApi> | undefined)?.environments;
}
