// Where the extension begins and ends. Each feature is a line in activate.
import * as vscode from "vscode";
import * as commands from "./commands";
import type { Engines } from "./engine";
import { Folders } from "./engine/folders";
import * as lens from "./lens";
import * as notices from "./notices";
import * as pages from "./pages";
import * as panel from "./panel/panel";
import * as problems from "./problems";
import * as processes from "./processes/view";
import * as requests from "./requests";
import * as statusbar from "./statusbar";
import * as tasks from "./tasks/provider";
import * as terminals from "./terminal/terminals";
import * as testing from "./testing";
import * as toml from "./toml/provider";

let folders: Folders | undefined;

/** What the extension gives to tests, and to other extensions. */
export interface Exports {
  engines: Engines;
  tests: vscode.TestController;
  processes: ReturnType<typeof processes.register>;
  status: vscode.StatusBarItem;
}

export function activate(context: vscode.ExtensionContext): Exports {
  const log = vscode.window.createOutputChannel("Brummer", { log: true });
  const engines = new Folders(context.extension, log);
  folders = engines;
  context.subscriptions.push(log, engines);

  commands.register(context, engines);
  panel.register(context, engines);
  problems.register(context, engines);
  terminals.register(context, engines);
  tasks.register(context, engines);
  toml.register(context);
  requests.register(context, engines);
  pages.register(context, engines);
  lens.register(context, engines);
  notices.register(context, engines);
  return {
    engines,
    processes: processes.register(context, engines),
    tests: testing.register(context, engines),
    status: statusbar.register(context, engines),
  };
}

/** VS Code waits for it: the sessions end in order, and the engine's policy for the processes takes effect. */
export async function deactivate(): Promise<void> {
  await folders?.close();
}
