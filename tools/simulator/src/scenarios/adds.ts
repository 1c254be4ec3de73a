/** Steps that scenarios share: an operator adds machine 3, the first to spare, and is taken at his word or refused. */
import type { AddOptions } from './commands.js';
import type { Step } from './scenario.js';

/** It comes up at once, and catches up. */
export function memberInSync(at: number, role: 'voter' | 'learner'): Step[] {
  return [
    { at, kind: 'do', act: (stage) => stage.keep('add', stage.add(3, role)) },
    {
      at,
      kind: 'expect',
      that: `the new member is a ${role}, in sync`,
      withinMs: 3_000,
      holds: (stage) =>
        stage.outcome('add') === 'done' &&
        stage.machine(3).role === role &&
        stage.machine(3).applied > stage.commit - 10,
    },
  ];
}

export function learnerTaken(at: number, options: AddOptions = {}): Step[] {
  return [
    { at, kind: 'do', act: (stage) => stage.keep('learner', stage.add(3, 'learner', options)) },
    {
      at,
      kind: 'expect',
      that: 'a learner is added',
      withinMs: 1_000,
      holds: (stage) => stage.outcome('learner') === 'done' && stage.machine(3).role === 'learner',
    },
  ];
}

/** Where a voter does not answer. */
export function voterRefused(at: number, options: AddOptions = {}): Step[] {
  return [
    { at, kind: 'do', act: (stage) => stage.keep('voter', stage.add(3, 'voter', options)) },
    {
      at,
      kind: 'expect',
      that: 'a voter is refused, since one does not answer',
      holds: (stage) => stage.outcome('voter') === 'unhealthy' && stage.machine(3).role === 'none',
    },
  ];
}
