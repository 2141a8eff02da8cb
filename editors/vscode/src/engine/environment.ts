// The environment that the engine, and so the processes, get from the editor: the
// user's, without what VS Code has set for its own programs. An Electron application
// under development, say, would take itself for Node with ELECTRON_RUN_AS_NODE.

const editors = /^(ELECTRON_|VSCODE_)/;

/** What VS Code's own terminals keep, too. */
const kept = new Set(["VSCODE_PORTABLE"]);

export function withoutEditor(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => kept.has(name) || !editors.test(name)));
}
