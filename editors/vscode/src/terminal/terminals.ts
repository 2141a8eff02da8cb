// The commands that open a terminal on a process: one terminal for each, shown again
// if it is there.
import * as vscode from "vscode";
import type { Engines } from "../engine";
import { messageOf } from "../engine/errors";
import * as actions from "../processes/actions";
import { lives } from "../processes/model";
import { type Argument, type Target, targetOf } from "../processes/target";
import { ProcessTerminal } from "./process";

export function register(context: vscode.ExtensionContext, engines: Engines): void {
  const terminals = new Terminals();
  const about = (name: string, title: string, run: (argument: Argument) => Promise<unknown>) =>
    vscode.commands.registerCommand(`brummer-rpc.${name}`, (argument: Argument) =>
      run(argument).catch((error) => void vscode.window.showErrorMessage(`${title}: ${messageOf(error)}`)),
    );
  context.subscriptions.push(
    terminals,
    about("showTerminal", "Show in a Terminal", async (argument) => {
      const target = await targetOf(engines, argument, ({ process }) => process !== undefined, "Show in a Terminal");
      if (target?.process) terminals.show(target, target.process.id);
    }),
    about("startInTerminal", "Start in a Terminal", async (argument) => {
      const target = await targetOf(engines, argument, ({ process }) => !lives(process), "Start in a Terminal");
      if (!target) return;
      const { id } = await actions.start(target, { stdio: "pty" });
      terminals.show(target, id);
    }),
  );
}

class Terminals implements vscode.Disposable {
  private readonly open = new Map<string, vscode.Terminal>();
  private readonly closed = vscode.window.onDidCloseTerminal((terminal) => {
    for (const [key, open] of this.open) if (open === terminal) this.open.delete(key);
  });

  show({ engine }: Target, id: string): void {
    const key = `${engine.folder.uri} ${id}`;
    const terminal = this.open.get(key) ?? this.create(new ProcessTerminal(engine, id), id);
    this.open.set(key, terminal);
    terminal.show();
  }

  private create(pty: vscode.Pseudoterminal, name: string): vscode.Terminal {
    return vscode.window.createTerminal({ name, pty, iconPath: new vscode.ThemeIcon("pulse"), isTransient: true });
  }

  dispose(): void {
    this.closed.dispose();
    for (const terminal of this.open.values()) terminal.dispose();
  }
}
