/** The chunks of a snapshot, as fast as its pace lets them go. */
import type { Clock } from './clock.js';
import type { SnapshotPace } from './node-effects.js';

export async function* paced(
  chunks: AsyncIterable<Uint8Array>,
  pace: SnapshotPace,
  clock: Pick<Clock, 'after'>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    yield chunk;
    const waitMs = pace.sent(chunk.length);
    if (waitMs > 0 && !signal.aborted) await wait(waitMs, clock, signal);
  }
}

/** Ends early when the stream is aborted. */
function wait(ms: number, clock: Pick<Clock, 'after'>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    const onAbort = () => {
      cancel();
      resolve();
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
