/** What the configuration changes of the server carry beside the change: whom they bring, and what must hold for them. */
import type { MemberRecord } from './member-record.js';
import { readVersioned, withVersion } from './versioned-json.js';

const CONTEXT_VERSION = 1;

export interface ConfChangeContext {
  /** The members that the change brings, or whose role it changes. */
  readonly members: readonly MemberRecord[];
  /** The change makes a standby a learner: refused at apply unless the registry still has this token for it. */
  readonly activation?: Activation;
  /** A removal by the automation, which counts them: when, milliseconds since 1970 by the leader's clock. */
  readonly automaticAtMs?: number;
  /** An operator wants the machines that it removes out of the cluster: the automation is not to bring them back. */
  readonly withdrawn?: boolean;
}

export interface Activation {
  readonly registration: string;
  readonly token: number;
}

const NOTHING: ConfChangeContext = { members: [] };

export function encodeConfChangeContext(context: ConfChangeContext): Uint8Array {
  return withVersion(CONTEXT_VERSION, context);
}

/** Empty bytes, as in the entry that leaves a joint configuration, say nothing. */
export function decodeConfChangeContext(bytes: Uint8Array): ConfChangeContext {
  if (bytes.length === 0) return NOTHING;
  return readVersioned(bytes, CONTEXT_VERSION, 'context of a configuration change') as ConfChangeContext;
}
