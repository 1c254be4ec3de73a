/** The ranges of the store in which all records of a state lie, for who works through them a part at a time. */
import type { StoreRange } from '@understudy/store';
import { revisionKey, stateRange } from './record-key.js';

/** About as many versions in each but the first and the last. */
export function piecesOf(prefix: number, revision: number, pieces: number): StoreRange[] {
  const { gte, lt } = stateRange(prefix);
  const inner = Array.from({ length: pieces - 1 }, (_, i) => Math.floor((revision * (i + 1)) / pieces));
  const cuts = [gte, ...inner.map((main) => revisionKey(prefix, main, 0)), lt];
  return cuts.slice(1).map((end, i) => {
    // The cast is sound: only the last cut can be missing.
    const from = cuts[i] as Uint8Array;
    return end === undefined ? { gte: from } : { gte: from, lt: end };
  });
}
