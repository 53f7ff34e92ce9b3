import * as vscode from "vscode";
import type { Found } from "./find";
import { NotInstalled, bundledIn, install, installed, suitablePython, uninstall } from "./managed";
import type { PythonEnvironment } from "./python";

const DECLINED = "server.install.declined";

/** The server of the extension's own, in the folder that VS Code keeps for it. */
export class Installer {
  #installing: Promise<Found | undefined> | undefined;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
    private readonly environment: PythonEnvironment,
  ) {}

  /** The installed server, if there is one. An older one than the bundled one is told as such. */
  async find(): Promise<{ readonly command: string; readonly current: boolean } | undefined> {
    const found = await installed(this.#storage, await this.#bundled());
    await vscode.commands.executeCommand("setContext", "streetrace.serverInstalled", !!found);
    return found;
  }

  /**
   * Asks whether to install, and does. `unasked`: nobody pressed a button, so whoever said no
   * before is left alone. Returns the server, or undefined where none was installed.
   */
  async offer(unasked: boolean, update = false): Promise<Found | undefined> {
    const bundled = await this.#bundled();
    if (bundled === undefined) return undefined;
    if (this.#installing !== undefined) return this.#installing;
    if (unasked && this.context.globalState.get(DECLINED) === this.#version) return undefined;
    const yes = update ? vscode.l10n.t("Update") : vscode.l10n.t("Install");
    const other = vscode.l10n.t("Other Ways");
    const later = vscode.l10n.t("Not Now");
    const chosen = await vscode.window.showInformationMessage(
      update
        ? vscode.l10n.t(
            "The Streetrace server that this extension installed belongs to another version of it. Install the one that fits? The old one stays until then.",
          )
        : vscode.l10n.t(
            "Streetrace needs its server, which was not found on this machine. Install it into a folder of VS Code's own? That fetches about 80 Python packages (400 MB once installed) from your package index, each checked against its hash, and can be undone with “Streetrace: Remove Installed Server”.",
          ),
      yes,
      other,
      later,
    );
    if (chosen === yes) return this.install();
    if (chosen === other) await this.showOtherWays();
    if (chosen === later) await this.context.globalState.update(DECLINED, this.#version);
    return undefined;
  }

  /** Shows how to install the server without this extension. */
  async showOtherWays(): Promise<void> {
    const page = vscode.Uri.joinPath(this.context.extensionUri, "media", "install.md");
    await vscode.commands.executeCommand("markdown.showPreview", page);
  }

  /**
   * Installs, with progress that can be stopped; says what went wrong and returns undefined.
   * Whoever asks for it meanwhile gets the same server.
   */
  install(): Promise<Found | undefined> {
    this.#installing ??= this.#installAndSay();
    return this.#installing;
  }

  async #installAndSay(): Promise<Found | undefined> {
    const say = (is: boolean): Thenable<unknown> =>
      vscode.commands.executeCommand("setContext", "streetrace.serverInstalling", is);
    void say(true);
    try {
      return await this.#install();
    } finally {
      this.#installing = undefined;
      void say(false);
    }
  }

  async #install(): Promise<Found | undefined> {
    const bundled = await this.#bundled();
    if (bundled === undefined) {
      void vscode.window.showErrorMessage(
        vscode.l10n.t(
          "This build of the extension carries no server. Install streetrace-lsp yourself, or take a build that does.",
        ),
      );
      return undefined;
    }
    const python = await this.#python();
    if (python === undefined) {
      void this.#noPython();
      return undefined;
    }
    this.log.info(`installing the server with ${python}`);
    try {
      const command = await vscode.window.withProgress(
        {
          location: vscode.ProgressLocation.Notification,
          title: vscode.l10n.t("Installing the Streetrace server"),
          cancellable: true,
        },
        (progress, token) => {
          const abort = new AbortController();
          token.onCancellationRequested(() => {
            abort.abort();
          });
          progress.report({ message: vscode.l10n.t("making a Python environment…") });
          return install(
            this.#storage,
            bundled,
            python,
            (step) => {
              if (step.what === "unpacking") {
                progress.report({ message: vscode.l10n.t("unpacking the packages…") });
                return;
              }
              const message = vscode.l10n.t("package {0} of {1}", step.packages, step.all);
              // What is left of the bar is for the unpacking.
              progress.report({ message, increment: step.all > 0 ? 80 / step.all : 0 });
            },
            abort.signal,
          );
        },
      );
      await this.context.globalState.update(DECLINED, undefined);
      await this.find();
      return { command, from: "managed" };
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  /** Removes the installed server after asking; whether there is none any more. */
  async remove(): Promise<boolean> {
    const yes = vscode.l10n.t("Remove");
    const chosen = await vscode.window.showWarningMessage(
      vscode.l10n.t("Remove the Streetrace server that this extension installed?"),
      {
        modal: true,
        detail: vscode.l10n.t(
          "Your configuration, your keys and your chats stay. It can be installed again at any time.",
        ),
      },
      yes,
    );
    if (chosen !== yes) return false;
    await uninstall(this.#storage);
    await this.context.globalState.update(DECLINED, this.#version);
    await this.find();
    return true;
  }

  async #noPython(): Promise<void> {
    const open = vscode.l10n.t("Open Settings");
    const chosen = await vscode.window.showErrorMessage(
      vscode.l10n.t(
        "The Streetrace server needs Python 3.11 or later with its venv module, and none was found. Install Python, or name one in the settings.",
      ),
      open,
    );
    if (chosen === open) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "streetrace.server");
    }
  }

  #failed(error: unknown): void {
    if (error instanceof Error && error.name === "AbortError") {
      this.log.info("the installation was stopped; nothing of it is left");
      return;
    }
    const said = error instanceof Error ? error.message : String(error);
    if (error instanceof NotInstalled) this.log.error(error.output);
    this.log.error(`the server was not installed: ${said}`);
    const show = vscode.l10n.t("Show Log");
    void vscode.window
      .showErrorMessage(
        vscode.l10n.t(
          "The Streetrace server was not installed: {0}. Nothing was left behind.",
          said,
        ),
        show,
      )
      .then((chosen) => {
        if (chosen === show) this.log.show(true);
      });
  }

  async #python(): Promise<string | undefined> {
    const named = vscode.workspace.getConfiguration("streetrace").get<string>("server.python", "");
    if (named) return suitablePython([named], this.#storage);
    const selected = vscode.workspace.isTrusted ? await this.environment.interpreter() : undefined;
    const names = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python"];
    await vscode.workspace.fs.createDirectory(this.context.globalStorageUri);
    return suitablePython([...(selected ? [selected] : []), ...names], this.#storage);
  }

  #bundled(): ReturnType<typeof bundledIn> {
    return bundledIn(vscode.Uri.joinPath(this.context.extensionUri, "dist", "server").fsPath);
  }

  get #storage(): string {
    return this.context.globalStorageUri.fsPath;
  }

  get #version(): string {
    return String((this.context.extension.packageJSON as { version?: unknown }).version);
  }
}
