/**
 * Proposals: the checks before an entry enters the log, and its way to the leader. A refused proposal changes nothing,
 * except that a refused config change leaves an empty entry, so that forwarded ones are refused alike.
 */
import type { ConfChange } from './conf-change.js';
import { encodeConfChange, fitsFormat, isConfChange, LEAVE_JOINT, parseConfChange } from './conf-change-codec.js';
import { refuseConfChange } from './conf-change-check.js';
import { type Entry, EntryType } from './entry.js';
import { Message, MessageType } from './message.js';
import { appendOwn } from './own-append.js';
import type { Raft } from './raft.js';
import { StateType } from './ready.js';
import { broadcastAppend } from './replication.js';
import type { ConfChangeRefusal, ProposalRefusal, ProposeResult } from './results.js';

const NO_DATA = new Uint8Array(0);

/** Appends the payloads in order, all or none. */
export function propose(raft: Raft, payloads: readonly Uint8Array[]): ProposeResult {
  if (payloads.length === 0) return { ok: false, reason: 'empty-proposal' };
  const refusal = refuseProposal(raft);
  if (refusal !== null) return { ok: false, reason: refusal };
  const leads = raft.state === StateType.Leader;
  const term = leads ? raft.term : 0;
  const base = leads ? raft.log.lastIndex() + 1 : 0;
  const entries = new Array<Entry>(payloads.length);
  for (let i = 0; i < payloads.length; i++) {
    entries[i] = { term, index: leads ? base + i : 0, type: EntryType.Normal, data: payloads[i] as Uint8Array };
  }
  return leads ? appendAndSend(raft, entries) : forward(raft, raft.id, entries);
}

export function proposeConfChange(raft: Raft, change: ConfChange, format: 'v1' | 'v2'): ProposeResult {
  if (!fitsFormat(change, format)) return { ok: false, reason: 'conf-change-format' };
  const type = format === 'v1' ? EntryType.ConfChange : EntryType.ConfChangeV2;
  const entry: Entry = { term: 0, index: 0, type, data: encodeConfChange(change, format) };
  return proposeEntries(raft, raft.id, [entry]);
}

/** Leaves the joint configuration, on the leader's own account. */
export function proposeLeaveJoint(raft: Raft): ProposeResult {
  return proposeConfChange(raft, LEAVE_JOINT, 'v2');
}

/** Entries without term and index: of a config change, or sent on by a follower. */
export function proposeEntries(raft: Raft, from: number, drafts: readonly Entry[]): ProposeResult {
  if (drafts.length === 0) return { ok: false, reason: 'empty-proposal' };
  const refusal = refuseProposal(raft);
  if (refusal !== null) return { ok: false, reason: refusal };
  if (raft.state !== StateType.Leader) return forward(raft, from, drafts);
  const pendingBefore = raft.pendingConfIndex;
  const base = raft.log.lastIndex() + 1;
  const entries = new Array<Entry>(drafts.length);
  let refused: ConfChangeRefusal | null = null;
  for (let i = 0; i < drafts.length; i++) {
    let { type, data } = drafts[i] as Entry;
    if (isConfChange(drafts[i] as Entry)) {
      const reason = refuseConfChange(raft, parseConfChange(data));
      if (reason === null) {
        raft.pendingConfIndex = base + i;
      } else {
        refused = reason;
        type = EntryType.Normal;
        data = NO_DATA;
      }
    }
    entries[i] = { term: raft.term, index: base + i, type, data };
  }
  const result = appendAndSend(raft, entries);
  if (!result.ok) raft.pendingConfIndex = pendingBefore;
  return result.ok && refused !== null ? { ok: false, reason: refused } : result;
}

function appendAndSend(raft: Raft, entries: readonly Entry[]): ProposeResult {
  if (!appendOwn(raft, entries)) return { ok: false, reason: 'uncommitted-limit' };
  broadcastAppend(raft);
  return { ok: true, index: raft.log.lastIndex(), term: raft.term };
}

function forward(raft: Raft, from: number, drafts: readonly Entry[]): ProposeResult {
  const message = new Message(MessageType.Prop, raft.lead, from, 0);
  message.entries = drafts;
  raft.send(message);
  return { ok: true, index: 0, term: raft.term };
}

function refuseProposal(raft: Raft): ProposalRefusal | null {
  if (raft.state === StateType.Leader) {
    // A leader that was removed goes on leading until somebody takes over, but takes nothing new.
    if (raft.tracker.get(raft.id) === undefined) return 'not-member';
    return raft.leadTransferee === 0 ? null : 'transferring';
  }
  if (raft.state !== StateType.Follower || raft.lead === 0) return 'no-leader';
  return raft.options.disableProposalForwarding ? 'forwarding-disabled' : null;
}
