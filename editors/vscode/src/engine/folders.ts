// One session for each workspace folder on disk, as folders come and go.
import * as vscode from "vscode";
import type { Engine, Engines } from "../engine";
import { messageOf } from "./errors";
import { Session } from "./session";

export class Folders implements Engines, vscode.Disposable {
  private readonly sessions = new Map<string, Session>();
  private readonly attached = new Set<Attachment>();
  private readonly emitter = new vscode.EventEmitter<void>();
  readonly onFolders = this.emitter.event;
  private readonly watch: vscode.Disposable;

  constructor(
    private readonly extension: vscode.Extension<unknown>,
    readonly log: vscode.LogOutputChannel,
  ) {
    this.watch = vscode.workspace.onDidChangeWorkspaceFolders((change) => {
      for (const folder of change.removed) this.remove(folder);
      for (const folder of change.added) this.add(folder);
      this.emitter.fire();
    });
    for (const folder of vscode.workspace.workspaceFolders ?? []) this.add(folder);
  }

  get all(): readonly Session[] {
    return [...this.sessions.values()];
  }

  of(uri: vscode.Uri): Session | undefined {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    return folder && this.sessions.get(folder.uri.toString());
  }

  each(attach: (engine: Engine) => vscode.Disposable): vscode.Disposable {
    const attachment = new Attachment(attach);
    this.attached.add(attachment);
    for (const session of this.sessions.values()) attachment.add(session);
    return new vscode.Disposable(() => {
      this.attached.delete(attachment);
      attachment.dispose();
    });
  }

  /** Ends every session; resolves when their processes are gone. */
  async close(): Promise<void> {
    await Promise.all(this.all.map((session) => session.dispose()));
  }

  dispose(): void {
    this.watch.dispose();
    this.emitter.dispose();
    for (const attachment of this.attached) attachment.dispose();
  }

  private add(folder: vscode.WorkspaceFolder): void {
    if (folder.uri.scheme !== "file") return;
    const session = new Session(folder, this.extension, this.log);
    this.sessions.set(folder.uri.toString(), session);
    for (const attachment of this.attached) attachment.add(session);
  }

  private remove(folder: vscode.WorkspaceFolder): void {
    const session = this.sessions.get(folder.uri.toString());
    if (!session) return;
    this.sessions.delete(folder.uri.toString());
    for (const attachment of this.attached) attachment.remove(session);
    session.dispose().catch((error) => this.log.error(messageOf(error)));
  }
}

/** What a feature has attached to each engine. */
class Attachment implements vscode.Disposable {
  private readonly parts = new Map<Engine, vscode.Disposable>();

  constructor(private readonly attach: (engine: Engine) => vscode.Disposable) {}

  add(engine: Engine): void {
    this.parts.set(engine, this.attach(engine));
  }

  remove(engine: Engine): void {
    this.parts.get(engine)?.dispose();
    this.parts.delete(engine);
  }

  dispose(): void {
    for (const part of this.parts.values()) part.dispose();
    this.parts.clear();
  }
}
