/**
 * Config changes as functions from one configuration to the next. Dissertation, section 4; joint consensus, section 4.3.
 * A refused change leaves nothing changed, since nothing is changed in place.
 */
import { type ConfChange, type ConfChangeSingle, ConfChangeTransition, ConfChangeType } from './conf-change.js';
import type { ConfState } from './conf-state.js';

export type ConfChangeOutcome =
  | {
      readonly ok: true;
      readonly confState: ConfState;
      /** Members whose progress must be made anew: new ones, and those that left and came back within the change. */
      readonly fresh: readonly number[];
    }
  | { readonly ok: false; readonly reason: string };

/** The configuration that a change makes of another, in whichever way it asks for; a reason in words where it cannot. */
export function nextConfState(from: ConfState, change: ConfChange): ConfChangeOutcome {
  if (leavesJoint(change)) return leaveJoint(from);
  if (change.transition !== ConfChangeTransition.Auto || change.changes.length > 1) {
    return enterJoint(from, change.changes, change.transition !== ConfChangeTransition.JointExplicit);
  }
  return simpleChange(from, change.changes);
}

export function leavesJoint(change: ConfChange): boolean {
  return change.changes.length === 0 && change.transition === ConfChangeTransition.Auto;
}

export function isJoint(confState: ConfState): boolean {
  return confState.votersOutgoing.length > 0;
}

/** Every member, ascending. */
export function memberIds(confState: ConfState): number[] {
  const ids = new Set([...confState.voters, ...confState.votersOutgoing, ...confState.learners]);
  return ascending(ids);
}

export function isMember({ learners, voters, votersOutgoing }: ConfState, id: number): boolean {
  return voters.includes(id) || votersOutgoing.includes(id) || learners.includes(id);
}

/** A change in one step: of one voter at most, and any number of learners. */
export function simpleChange(from: ConfState, changes: readonly ConfChangeSingle[]): ConfChangeOutcome {
  if (isJoint(from)) return refuse("can't apply simple config change in joint config");
  const draft = new Draft(from);
  draft.apply(changes);
  if (draft.voters.size === 0) return refuse('removed all voters');
  if (difference(new Set(from.voters), draft.voters) > 1) {
    return refuse('more than one voter changed without entering joint config');
  }
  return draft.finish();
}

/** Any change: the voters of before become the outgoing half, and decide together with those of after. */
export function enterJoint(
  from: ConfState,
  changes: readonly ConfChangeSingle[],
  autoLeave: boolean,
): ConfChangeOutcome {
  if (isJoint(from)) return refuse('config is already joint');
  if (from.voters.length === 0) return refuse("can't make a zero-voter config joint");
  const draft = new Draft(from);
  for (const id of from.voters) draft.votersOutgoing.add(id);
  draft.apply(changes);
  draft.autoLeave = autoLeave;
  if (draft.voters.size === 0) return refuse('removed all voters');
  return draft.finish();
}

/** Drops the outgoing half; those that were to become learners become it. */
export function leaveJoint(from: ConfState): ConfChangeOutcome {
  if (!isJoint(from)) return refuse("can't leave a non-joint config");
  const draft = new Draft(from);
  for (const id of draft.learnersNext) draft.learners.add(id);
  draft.learnersNext.clear();
  draft.votersOutgoing.clear();
  draft.autoLeave = false;
  return draft.finish();
}

class Draft {
  readonly voters: Set<number>;
  readonly votersOutgoing: Set<number>;
  readonly learners: Set<number>;
  readonly learnersNext: Set<number>;
  autoLeave: boolean;
  private readonly fresh = new Set<number>();

  constructor(from: ConfState) {
    this.voters = new Set(from.voters);
    this.votersOutgoing = new Set(from.votersOutgoing);
    this.learners = new Set(from.learners);
    this.learnersNext = new Set(from.learnersNext);
    this.autoLeave = from.autoLeave;
  }

  apply(changes: readonly ConfChangeSingle[]): void {
    for (const { type, nodeId } of changes) {
      // A host that decides at apply to ignore a change zeroes its id.
      if (nodeId === 0) continue;
      if (type === ConfChangeType.AddNode) this.addVoter(nodeId);
      else if (type === ConfChangeType.AddLearnerNode) this.addLearner(nodeId);
      else if (type === ConfChangeType.RemoveNode) this.remove(nodeId);
    }
  }

  finish(): ConfChangeOutcome {
    const confState: ConfState = {
      voters: ascending(this.voters),
      votersOutgoing: ascending(this.votersOutgoing),
      learners: ascending(this.learners),
      learnersNext: ascending(this.learnersNext),
      autoLeave: this.autoLeave,
    };
    const broken = checkConfState(confState);
    if (broken !== null) return refuse(broken);
    const fresh: number[] = [];
    for (const id of ascending(this.fresh)) if (this.has(id)) fresh.push(id);
    return { ok: true, confState, fresh };
  }

  private addVoter(id: number): void {
    if (!this.has(id)) this.fresh.add(id);
    this.learners.delete(id);
    this.learnersNext.delete(id);
    this.voters.add(id);
  }

  private addLearner(id: number): void {
    if (!this.has(id)) this.fresh.add(id);
    this.voters.delete(id);
    // A voter of the outgoing half keeps its vote until the joint configuration is left.
    if (this.votersOutgoing.has(id)) this.learnersNext.add(id);
    else this.learners.add(id);
  }

  private remove(id: number): void {
    this.voters.delete(id);
    this.learners.delete(id);
    this.learnersNext.delete(id);
  }

  private has(id: number): boolean {
    return this.voters.has(id) || this.votersOutgoing.has(id) || this.learners.has(id);
  }
}

/** What is illegal about a configuration; null where nothing is. Without any member it is legal: a blank member's. */
export function checkConfState(confState: ConfState): string | null {
  const voters = new Set(confState.voters);
  const outgoing = new Set(confState.votersOutgoing);
  for (const id of memberIds(confState)) {
    if (!Number.isSafeInteger(id) || id <= 0) return `member id ${id} is not a positive integer`;
  }
  for (const id of confState.learners) {
    if (voters.has(id) || outgoing.has(id)) return `learner ${id} is a voter too`;
  }
  for (const id of confState.learnersNext) {
    if (!outgoing.has(id)) return `${id} is to become a learner, but is no outgoing voter`;
    if (voters.has(id)) return `${id} is to become a learner, but is an incoming voter`;
  }
  if (!isJoint(confState) && confState.autoLeave) return 'a configuration that is not joint cannot be left';
  if (voters.size === 0 && (outgoing.size > 0 || confState.learners.length > 0)) return 'there are no voters';
  return null;
}

function ascending(ids: Iterable<number>): number[] {
  return [...ids].sort((a, b) => a - b);
}

function difference(before: ReadonlySet<number>, after: ReadonlySet<number>): number {
  let count = 0;
  for (const id of before) if (!after.has(id)) count++;
  for (const id of after) if (!before.has(id)) count++;
  return count;
}

function refuse(reason: string): ConfChangeOutcome {
  return { ok: false, reason };
}
