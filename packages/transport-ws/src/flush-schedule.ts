/**
 * Flushes all streams that were written to, once, when the current turn of the event loop has seen its events. Never a
 * timer: a frame sent at the end of a turn leaves in the same turn.
 */
export interface Flushable {
  flush(): void;
}

export class FlushSchedule {
  #dirty: Flushable[] = [];
  #flushing: Flushable[] = [];

  add(stream: Flushable): void {
    if (this.#dirty.length === 0) setImmediate(this.#run);
    this.#dirty.push(stream);
  }

  readonly #run = (): void => {
    const streams = this.#dirty;
    this.#dirty = this.#flushing;
    this.#flushing = streams;
    for (let i = 0; i < streams.length; i += 1) (streams[i] as Flushable).flush();
    streams.length = 0;
  };
}
