// The environments of the workspace as the Python extension tells of them (the npm package
// @vscode/python-extension has the types): `one` is selected first, the command takes `other`.
const { join } = require("node:path");
const vscode = require("vscode");

exports.activate = (context) => {
  let selected = "one";
  const changed = new vscode.EventEmitter();
  const folder = () => vscode.workspace.workspaceFolders[0].uri.fsPath;
  const interpreter = (name) => join(folder(), name, "bin", "python");
  context.subscriptions.push(
    changed,
    vscode.commands.registerCommand("python.setInterpreter", () => {
      selected = "other";
      const path = interpreter(selected);
      changed.fire({ id: path, path, resource: vscode.workspace.workspaceFolders[0] });
    }),
  );
  return {
    ready: Promise.resolve(),
    environments: {
      getActiveEnvironmentPath: () => ({ id: selected, path: interpreter(selected) }),
      resolveEnvironment: async ({ path }) => ({
        id: path,
        path,
        executable: { uri: vscode.Uri.file(path), sysPrefix: join(path, "..", "..") },
      }),
      onDidChangeActiveEnvironmentPath: changed.event,
    },
  };
};
