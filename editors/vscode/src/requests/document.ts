// A request as a read-only document: brummer-request:/FOLDER/ID METHOD NAME. Secrets
// stay covered in it, since documents are shown to others.
import * as vscode from "vscode";
import type { Engine, Engines } from "../engine";
import { messageOf } from "../engine/errors";
import type { Request } from "../protocol";
import { describe } from "./words";

const scheme = "brummer-request";

export class RequestDocuments implements vscode.TextDocumentContentProvider {
  constructor(private readonly engines: Engines) {}

  register(): vscode.Disposable {
    return vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  async show(engine: Engine, request: Request): Promise<void> {
    const document = await vscode.workspace.openTextDocument(uriOf(engine, request));
    await vscode.window.showTextDocument(document, { preview: true });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { folder, id } = JSON.parse(uri.query) as { folder: string; id: string };
    const engine = this.engines.of(vscode.Uri.parse(folder));
    if (!engine) return "The folder of this request is not open.\n";
    try {
      const detail = await engine.request("proxy/request", { id, bodies: true });
      const { events } = await engine.request("timeline/query", { request: id });
      return describe(detail, events);
    } catch (error) {
      return `${messageOf(error)}\n`; // it had to make room, or the engine is another one
    }
  }
}

/** The document of a request; one that has ended has another than while it was under way. */
function uriOf(engine: Engine, request: Request): vscode.Uri {
  const name = request.url.split("?")[0]?.split("/").at(-1) || "index";
  const query = JSON.stringify({ folder: engine.folder.uri.toString(), id: request.id, pending: request.pending });
  return vscode.Uri.from({ scheme, path: `/${request.id} ${request.method} ${name}`, query });
}
