/**
 * Does one thing at a time. What is wished for while it is done is done once more afterwards, and
 * once only, however often it is wished for.
 */
export class Queue {
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(private readonly work: () => Promise<void>) {}

  /** Settles when the thing was done after this call. */
  add(): Promise<void> {
    if (this.#next === undefined) {
      const next = this.#running
        .catch(() => undefined)
        .then(() => {
          this.#next = undefined;
          this.#running = this.work();
          return this.#running;
        });
      this.#next = next;
    }
    return this.#next;
  }
}
