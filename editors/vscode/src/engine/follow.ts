// Subscriptions that outlive their connection: each is made again on a new one,
// from the cursor behind the last batch that came. It knows batches and cursors,
// and nothing of lines and events.
import type { Follower } from "../engine";
import type { Subscribed } from "../protocol";

/** A batch, whatever it carries. */
export interface Batch {
  subscription: string;
  next: string;
  batch?: number;
}

/** What a subscription needs of the connection at hand. */
export interface Stream<B extends Batch> {
  subscribe(since: string | undefined): Promise<Subscribed>;
  unsubscribe(id: string): void;
  acknowledge(batch: B): void;
}

export class Subscription<B extends Batch> {
  private id: string | undefined;
  private cursor: string | undefined;
  private attempt = 0;

  constructor(
    private readonly stream: Stream<B>,
    private readonly follower: Follower<B>,
    private readonly forget: () => void,
  ) {}

  /** Subscribes on the connection at hand, which is a new one. */
  async begin(): Promise<void> {
    const attempt = ++this.attempt;
    this.id = undefined;
    try {
      const subscribed = await this.stream.subscribe(this.cursor);
      if (attempt !== this.attempt) return this.stream.unsubscribe(subscribed.subscription);
      this.id = subscribed.subscription;
      this.cursor = subscribed.cursor;
      this.follower.begun?.(subscribed);
    } catch (error) {
      if (attempt === this.attempt) this.follower.failed?.(error as Error);
    }
  }

  /** Takes a batch if it is this subscription's. */
  async take(batch: B): Promise<void> {
    if (batch.subscription !== this.id) return;
    this.cursor = batch.next;
    await this.follower.batch(batch);
    if (batch.subscription === this.id) this.stream.acknowledge(batch);
  }

  dispose(): void {
    this.attempt++;
    if (this.id !== undefined) this.stream.unsubscribe(this.id);
    this.id = undefined;
    this.forget();
  }
}
