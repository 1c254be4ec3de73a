/**
 * Whenever a state is opened, after a start or from a snapshot, it is the reference's state of its index: every key with
 * its value, revisions, version and lease, every lease, and the revisions made and compacted.
 */
import { keyStates } from '../clients/key-states.js';
import type { Process } from '../process.js';
import { Violation } from '../violation.js';
import type { Check } from './check.js';
import type { History } from './history.js';

export class StateEquality implements Check {
  readonly name = 'state-equality';

  constructor(private readonly history: History) {}

  onStateReplaced(process: Process): void {
    const { id, state } = process;
    if (state === null) return;
    const { mvcc } = state;
    const index = state.appliedIndex;
    const revision = this.history.revisionAt(index);
    if (mvcc.revision !== revision) {
      throw new Violation(
        this.name,
        `member ${id} opens a state at ${index} with revision ${mvcc.revision}, not ${revision}`,
      );
    }
    const { reference } = this.history;
    const found = keyStates(mvcc, '\0', '\0', 0);
    const expected = reference.range('', '', revision);
    const wrong = expected.find(([key, version], i) => {
      const kv = found[i];
      return kv?.key !== key || kv.value !== version.value || kv.modRevision !== version.revision;
    });
    if (wrong === undefined && found.length === expected.length) return;
    const [key, { value }] = wrong ?? ['', { value: null }];
    const what = `${found.length} keys, not the ${expected.length} of the reference; first wrong: ${key}=${value}`;
    throw new Violation(this.name, `member ${id} opens a state at ${index} with ${what}`);
  }
}
