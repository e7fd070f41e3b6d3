// What comes in while somebody is busy with what came before.

export class AsyncQueue<T> {
  private readonly letters: T[] = [];
  private wake: () => void = () => {};
  private failure: { readonly error: unknown } | undefined;

  push(letter: T): void {
    this.letters.push(letter);
    this.wake();
  }

  /** From now on `next` throws, whatever else has come. */
  fail(error: unknown): void {
    this.failure ??= { error };
    this.wake();
  }

  /** The oldest letter; undefined where none has come by the deadline (of `performance.now`). */
  async next(deadline = Number.POSITIVE_INFINITY): Promise<T | undefined> {
    for (;;) {
      if (this.failure) throw this.failure.error;
      if (this.letters.length > 0) return this.letters.shift();
      const left = deadline - performance.now();
      if (left <= 0) return undefined;
      await new Promise<void>((resolve) => {
        const timer = Number.isFinite(left) ? setTimeout(resolve, left) : undefined;
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}
