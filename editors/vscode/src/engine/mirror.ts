// A list of the engine's, kept up to date by its changed notifications. It knows
// revisions and nothing of what the things are.
import * as vscode from "vscode";

/** What a list method answers, or a notification brings, in the mirror's terms. */
export interface Change<T> {
  /** the revision that this continues; absent in a list */
  previous?: number;
  revision: number;
  /** all of a list; of a change the new ones and those that are not as they were */
  items: readonly T[];
  /** ids; empty in a list */
  removed: readonly string[];
}

/** What has changed. */
export interface Changes<T> {
  changed: readonly T[];
  removed: readonly string[];
  /** the mirror was filled or emptied: nothing of this is news */
  reset: boolean;
}

export class Mirror<T extends { id: string }> implements vscode.Disposable {
  private items = new Map<string, T>();
  private revision: number | undefined;
  private list: (() => Promise<Change<T>>) | undefined;
  private readonly emitter = new vscode.EventEmitter<Changes<T>>();
  readonly onChange = this.emitter.event;

  /** In the engine's order. */
  get all(): readonly T[] {
    return [...this.items.values()];
  }

  find(id: string): T | undefined {
    return this.items.get(id);
  }

  /** Reads the list; changes that come meanwhile, or are missed, make it read it again. */
  async fill(list: () => Promise<Change<T>>): Promise<void> {
    this.list = list;
    const { revision, items } = await list();
    if (this.list !== list) return; // the connection is another one by now
    const before = [...this.items.keys()];
    this.items = new Map(items.map((item) => [item.id, item]));
    this.revision = revision;
    this.emitter.fire({ changed: items, removed: before.filter((id) => !this.items.has(id)), reset: true });
  }

  /** Takes what a notification says. */
  apply(change: Change<T>): void {
    if (this.revision === undefined || !this.list) return; // the list is on its way
    if (change.previous !== this.revision) {
      if (change.revision > this.revision) void this.fill(this.list).catch(() => {}); // or the connection is gone, and so are we
      return;
    }
    this.revision = change.revision;
    for (const id of change.removed) this.items.delete(id);
    for (const item of change.items) this.items.set(item.id, item);
    this.emitter.fire({ changed: change.items, removed: change.removed, reset: false });
  }

  /** Sets members that the changed notifications are not about; what is not there is left out. */
  amend(parts: ReadonlyMap<string, Partial<T>>): void {
    const changed: T[] = [];
    for (const [id, part] of parts) {
      const item = this.items.get(id);
      if (!item) continue;
      const amended = { ...item, ...part };
      this.items.set(id, amended);
      changed.push(amended);
    }
    if (changed.length > 0) this.emitter.fire({ changed, removed: [], reset: false });
  }

  /** Forgets everything: there is no connection. */
  clear(): void {
    const removed = [...this.items.keys()];
    this.items = new Map();
    this.revision = this.list = undefined;
    if (removed.length > 0) this.emitter.fire({ changed: [], removed, reset: true });
  }

  dispose(): void {
    this.emitter.dispose();
  }
}
