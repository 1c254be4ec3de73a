/**
 * Protocol traces as text that a person can read: the notation of the field's data-driven Raft scripts.
 */
import { ConfChangeType } from '../conf-change.js';
import { isConfChange, parseConfChange } from '../conf-change-codec.js';
import type { ConfState } from '../conf-state.js';
import { type Entry, EntryType } from '../entry.js';
import type { HardState } from '../hard-state.js';
import { LOCAL_APPEND_THREAD, LOCAL_APPLY_THREAD, type Message, MessageType } from '../message.js';
import { type Ready, StateType } from '../ready.js';
import type { SnapshotMeta } from '../snapshot.js';
import type { ProgressStatus } from '../status.js';
import { quote } from './quote.js';

/** Several lines, each ended; `<empty Ready>` where there is nothing in it. */
export function describeReady(ready: Ready): string {
  let text = '';
  if (ready.softState !== null) {
    text += `Lead:${ready.softState.lead} State:${describeState(ready.softState.state)}\n`;
  }
  if (ready.hardState !== null) text += `HardState ${describeHardState(ready.hardState)}\n`;
  if (ready.readStates.length > 0) {
    text += `ReadStates ${ready.readStates.map(({ index, context }) => `${context}@${index}`).join(' ')}\n`;
  }
  if (ready.entries.length > 0) text += `Entries:\n${describeEntries(ready.entries)}`;
  if (ready.snapshot !== null) text += `Snapshot ${describeSnapshot(ready.snapshot)}\n`;
  if (ready.committedEntries.length > 0) text += `CommittedEntries:\n${describeEntries(ready.committedEntries)}`;
  if (ready.messages.length > 0) {
    text += 'Messages:\n';
    for (const message of ready.messages) text += `${describeMessage(message)}\n`;
  }
  return text === '' ? '<empty Ready>' : `Ready MustSync=${ready.mustSync}:\n${text}`;
}

/** One line, more with several entries, a snapshot or responses; not ended. */
export function describeMessage(message: Message, indent = ''): string {
  const { commit, entries, recovery, responses, snapshot, vote } = message;
  const type = `Msg${messageTypeName(message.type)}`;
  let text = `${indent}${describeTarget(message.from)}->${describeTarget(message.to)} ${type}`;
  text += ` Term:${message.term} Log:${message.logTerm}/${message.index}`;
  if (message.reject) text += ` Rejected (Hint: ${message.rejectHint})`;
  if (commit !== 0) text += ` Commit:${commit}`;
  if (recovery !== 0) text += ' Recovering';
  if (vote !== 0) text += ` Vote:${vote}`;
  if (entries.length === 1) {
    text += ` Entries:[${describeEntry(entries[0] as Entry)}]`;
  } else if (entries.length > 1) {
    text += ' Entries:[';
    for (const entry of entries) text += `\n${indent}  ${describeEntry(entry)}`;
    text += `\n${indent}]`;
  }
  if (snapshot !== null && snapshot.index !== 0) text += `\n${indent}  Snapshot: ${describeSnapshot(snapshot)}`;
  if (responses.length > 0) {
    text += ' Responses:[';
    for (const response of responses) text += `\n${describeMessage(response, `${indent}  `)}`;
    text += `\n${indent}]`;
  }
  return text;
}

export function describeEntries(entries: readonly Entry[]): string {
  let text = '';
  for (const entry of entries) text += `${describeEntry(entry)}\n`;
  return text;
}

export function describeEntry(entry: Entry): string {
  const type = ENTRY_TYPES[entry.type];
  const data = isConfChange(entry) ? describeChanges(entry) : quote(entry.data);
  return `${entry.term}/${entry.index} ${type}${data === '' ? '' : ` ${data}`}`;
}

export function describeHardState({ commit, term, vote }: HardState): string {
  return `Term:${term}${vote === 0 ? '' : ` Vote:${vote}`} Commit:${commit}`;
}

export function describeSnapshot({ confState, index, term }: SnapshotMeta): string {
  return `Index:${index} Term:${term} ConfState:${describeConfState(confState)}`;
}

export function describeConfState(confState: ConfState): string {
  const list = (ids: readonly number[]): string => `[${ids.join(' ')}]`;
  return (
    `Voters:${list(confState.voters)} VotersOutgoing:${list(confState.votersOutgoing)} ` +
    `Learners:${list(confState.learners)} LearnersNext:${list(confState.learnersNext)} AutoLeave:${confState.autoLeave}`
  );
}

/** The configuration and nothing that is empty. */
export function describeConfig(confState: ConfState): string {
  const list = (ids: readonly number[]): string => `(${ids.join(' ')})`;
  let text = `voters=${list(confState.voters)}`;
  if (confState.votersOutgoing.length > 0) text += `&&${list(confState.votersOutgoing)}`;
  if (confState.learners.length > 0) text += ` learners=${list(confState.learners)}`;
  if (confState.learnersNext.length > 0) text += ` learners_next=${list(confState.learnersNext)}`;
  return confState.autoLeave ? `${text} autoleave` : text;
}

export function describeProgress(progress: ProgressStatus): string {
  let text = `${progress.id}: ${PROGRESS_STATES[progress.state]} match=${progress.match} next=${progress.next}`;
  if (progress.isLearner) text += ' learner';
  if (progress.paused) text += ' paused';
  if (progress.pendingSnapshot > 0) text += ` pendingSnap=${progress.pendingSnapshot}`;
  if (!progress.recentActive) text += ' inactive';
  if (progress.recovering) text += ' recovering';
  if (progress.inflightMessages > 0) {
    text += ` inflight=${progress.inflightMessages}${progress.inflightFull ? '[full]' : ''}`;
  }
  return text;
}

export function describeState(state: StateType): string {
  return STATES[state];
}

export function messageTypeName(type: MessageType): string {
  for (const [name, value] of Object.entries(MessageType)) if (value === type) return name;
  return `Unknown${type}`;
}

const ENTRY_TYPES = {
  [EntryType.Normal]: 'EntryNormal',
  [EntryType.ConfChange]: 'EntryConfChange',
  [EntryType.ConfChangeV2]: 'EntryConfChangeV2',
} as const;

const STATES = {
  [StateType.Follower]: 'StateFollower',
  [StateType.Candidate]: 'StateCandidate',
  [StateType.Leader]: 'StateLeader',
  [StateType.PreCandidate]: 'StatePreCandidate',
} as const;

const PROGRESS_STATES = { probe: 'StateProbe', replicate: 'StateReplicate', snapshot: 'StateSnapshot' } as const;

const CHANGE_LETTERS = {
  [ConfChangeType.AddNode]: 'v',
  [ConfChangeType.AddLearnerNode]: 'l',
  [ConfChangeType.RemoveNode]: 'r',
  [ConfChangeType.UpdateNode]: 'u',
} as const;

function describeChanges(entry: Entry): string {
  const change = parseConfChange(entry.data);
  if (change === null) return '<malformed>';
  return change.changes.map(({ nodeId, type }) => `${CHANGE_LETTERS[type]}${nodeId}`).join(' ');
}

function describeTarget(id: number): string {
  if (id === 0) return 'None';
  if (id === LOCAL_APPEND_THREAD) return 'AppendThread';
  return id === LOCAL_APPLY_THREAD ? 'ApplyThread' : id.toString(16);
}
