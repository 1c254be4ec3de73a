/**
 * Opens the state of a member beside its log as the server does: a damaged one, or one that ends before the log begins, is
 * told, and thrown away; what is left is built again from the log, or by a peer's snapshot.
 */
import type { RaftLog } from '@understudy/raft-node';
import { SimulatedState, type SimulatedStateDeps } from './simulated-state.js';

type Ends = Pick<RaftLog, 'pendingInstall' | 'firstIndex'>;

/** `onDamage` is told before the state is replaced by an empty one. */
export function openState(
  deps: SimulatedStateDeps,
  log: Ends,
  onDamage: (damage: string) => void,
  done: (error: Error | null, state: SimulatedState | null) => void,
): void {
  SimulatedState.open(deps, (error, outcome) => {
    if (outcome === null) return done(error, null);
    const damage = outcome.ok ? stateBehind(log, outcome.value) : outcome.damage;
    if (damage === null && outcome.ok) return done(null, outcome.value);
    onDamage(damage ?? '');
    deps.disk.resetState();
    SimulatedState.open(deps, (failure, fresh) => done(failure, fresh?.ok === true ? fresh.value : null));
  });
}

/** An install that a crash cut short is finished or undone first. */
function stateBehind(log: Ends, { durable }: SimulatedState): string | null {
  if (log.pendingInstall !== null || durable.index >= log.firstIndex() - 1) return null;
  return `the state is at ${durable.index}; the log begins at ${log.firstIndex()}`;
}
