// Messages about what somebody would want to know at once: a server has ended that
// should have gone on, or could not have its port. Each run is told of once, many at
// once in one message, and everything else is in the views.
import * as vscode from "vscode";
import type { Engine, Engines } from "./engine";
import { messageOf } from "./engine/errors";
import { Gather } from "./notices/gather";
import { conflictText, crashText, lasts } from "./notices/words";
import type { ConflictData, Event, Process } from "./protocol";

export function register(context: vscode.ExtensionContext, engines: Engines): void {
  context.subscriptions.push(engines.each((engine) => new Notices(engine, engines.log)));
}

const [showLog, restart] = ["Show Log", "Restart"];

class Notices implements vscode.Disposable {
  /** the runs that should go on, by process */
  private readonly lasting = new Map<string, number>();
  /** the ports that people know of, by process: one that is tried again and again is told of once */
  private readonly conflicts = new Map<string, number>();
  private readonly crashes = new Gather<Process>((lot) => this.soon(this.tellCrashes(lot)));
  private following: vscode.Disposable | undefined;
  private readonly parts: vscode.Disposable[];

  constructor(
    private readonly engine: Engine,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.parts = [
      engine.onState(({ kind }) => kind === "connected" && this.follow()),
      engine.processes.onChange(({ changed, removed }) => {
        for (const process of changed) this.look(process);
        for (const id of removed) this.lasting.delete(id);
      }),
    ];
  }

  dispose(): void {
    this.crashes.dispose();
    this.following?.dispose();
    for (const part of this.parts) part.dispose();
  }

  /** Conflicts are events. To follow them would make a connection, so there has to be one already. */
  private follow(): void {
    this.following ??= this.engine.followEvents(
      { types: ["port.conflict"] },
      { batch: ({ events }) => events.forEach((event) => void this.soon(this.tellConflict(event))) },
    );
  }

  private look(process: Process): void {
    if (process.state === "running" && lasts(process)) {
      this.lasting.set(process.id, process.run);
      this.conflicts.delete(process.id);
    }
    if (process.state !== "failed" || this.lasting.get(process.id) !== process.run) return;
    this.lasting.delete(process.id);
    if (this.wanted()) this.crashes.add(process);
  }

  private wanted(): boolean {
    return vscode.workspace.getConfiguration("brummer-rpc", this.engine.folder.uri).get("notifications", true);
  }

  private async tellCrashes(lot: readonly Process[]): Promise<void> {
    const answer = await vscode.window.showErrorMessage(crashText(lot), showLog, restart);
    const [only] = lot.length === 1 ? lot : [];
    if (answer === showLog) this.showLog(only?.id);
    if (answer === restart) await Promise.all(lot.map(({ id }) => this.engine.request("process/restart", { id })));
  }

  private async tellConflict({ process = "", data }: Event): Promise<void> {
    const conflict = data as ConflictData;
    if (!this.wanted() || this.conflicts.get(process) === conflict.port) return;
    this.conflicts.set(process, conflict.port);
    const stop = conflict.holder === undefined ? [] : [`Stop ${conflict.holder} and Restart`];
    const answer = await vscode.window.showErrorMessage(conflictText(process, conflict), showLog, ...stop);
    if (answer === showLog) this.showLog(process);
    if (answer === undefined || answer === showLog || conflict.holder === undefined) return;
    await this.engine.request("process/stop", { id: conflict.holder });
    await this.engine.request("process/restart", { id: process });
  }

  private showLog(process: string | undefined): void {
    const ref = process === undefined ? undefined : { folder: this.engine.folder.uri.toString(), process };
    void vscode.commands.executeCommand("brummer-rpc.showLogs", ref);
  }

  private soon(work: Promise<unknown>): void {
    work.catch((error) => {
      this.log.error(messageOf(error));
      void vscode.window.showErrorMessage(messageOf(error));
    });
  }
}
