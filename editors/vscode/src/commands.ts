// The commands that are about the connection to the engine.
import * as vscode from "vscode";
import type { Engines } from "./engine";
import { messageOf } from "./engine/errors";

export function register(context: vscode.ExtensionContext, engines: Engines): void {
  const add = (name: string, run: () => unknown) =>
    context.subscriptions.push(vscode.commands.registerCommand(`brummer-rpc.${name}`, run));

  add("showEngineLog", () => engines.log.show());
  add("restartEngine", () => Promise.all(engines.all.map((engine) => engine.reconnect())));
  context.subscriptions.push(
    engines.each((engine) =>
      engine.onState((state) => {
        if (state.kind === "failed") void tell(state.reason, engines);
      }),
    ),
  );
}

/** One message with the way out; nothing waits for its answer. */
async function tell(reason: string, engines: Engines): Promise<void> {
  const [again, show] = ["Try Again", "Show Log"];
  const answer = await vscode.window.showErrorMessage(
    `Brummer has no connection to its engine. ${reason}`,
    again,
    show,
  );
  if (answer === show) engines.log.show();
  if (answer !== again) return;
  await Promise.all(engines.all.map((engine) => engine.reconnect())).catch((error) =>
    engines.log.error(messageOf(error)),
  );
}
