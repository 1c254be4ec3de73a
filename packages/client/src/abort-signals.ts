// One listener on a caller's signal, however many calls share it: a thousand calls under one signal are one listener to
// Node, which warns of more than a few.

const callbacksBySignal = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when the signal is aborted; it must not be aborted yet.
 * @returns takes the callback off
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const known = callbacksBySignal.get(signal);
  const callbacks = known ?? new Set();
  callbacks.add(callback);
  if (known === undefined) {
    callbacksBySignal.set(signal, callbacks);
    signal.addEventListener('abort', () => fire(signal, callbacks), { once: true });
  }
  return () => void callbacks.delete(callback);
}

/** Asked again after each wait: the compiler takes a property for what it was before. */
export function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

function fire(signal: AbortSignal, callbacks: Set<() => void>): void {
  callbacksBySignal.delete(signal);
  for (const callback of callbacks) callback();
}
