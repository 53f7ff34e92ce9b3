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

/** The Python environment that is selected for the workspace, as far as that extension is there. */
export class PythonEnvironment implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  /** Another one was selected, or the extension came or went, as it may when a folder is trusted. */
  readonly onDidChange = this.#changed.event;
  readonly #disposables: { dispose(): unknown }[] = [this.#changed];
  #heard = false;
  #there = extension() !== undefined;

  constructor() {
    this.#disposables.push(
      vscode.extensions.onDidChange(() => {
        const there = extension() !== undefined;
        if (there === this.#there) return;
        this.#there = there;
        this.#heard = false;
        this.#changed.fire(undefined);
      }),
    );
  }

  /** Its interpreter. Starts the Python extension: ask only in a trusted workspace. */
  async interpreter(): Promise<string | undefined> {
    const environments = (await pythonApi())?.environments;
    if (environments === undefined) return undefined;
    this.#hear(environments);
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const found = await environments.resolveEnvironment(
      environments.getActiveEnvironmentPath(folder),
    );
    return found?.executable.uri?.fsPath;
  }

  dispose(): void {
    for (const one of this.#disposables) one.dispose();
  }

  #hear(environments: PythonApi["environments"]): void {
    if (this.#heard) return;
    this.#heard = true;
    this.#disposables.push(
      environments.onDidChangeActiveEnvironmentPath(() => {
        this.#changed.fire(undefined);
      }),
    );
  }
}

async function pythonApi(): Promise<PythonApi | undefined> {
  const python = extension();
  if (python === undefined) return undefined;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, PATIENCE, undefined);
  });
  try {
    const api = await Promise.race([Promise.resolve(python.activate()), late]);
    const environments = (api as Partial<PythonApi> | undefined)?.environments;
    return environments === undefined ? undefined : { environments };
  } catch {
    return undefined; // its own trouble, which it reports itself
  } finally {
    clearTimeout(timer);
  }
}

function extension(): vscode.Extension<unknown> | undefined {
  return vscode.extensions.getExtension("ms-python.python");
}
