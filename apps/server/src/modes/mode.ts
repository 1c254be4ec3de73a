/**
 * What a process is at a time: a peer, which keeps the log, or a standby, which knows the cluster and sends clients to
 * it. The process moves from one to the other without a restart; its ports stay bound.
 */
import type { ClusterReport } from '../bootstrap/discovery.js';
import type { MemberPlan } from '../bootstrap/start-plan.js';

/** Why a mode is over. */
export type ModeEnd =
  | { readonly kind: 'stopped' }
  /** The outcome of a write or an apply is unknown: the disk decides at the next start. */
  | { readonly kind: 'failed'; readonly error: unknown }
  /** Of a peer: the cluster goes on without it. What it knew of the cluster last; null where it knew nothing. */
  | { readonly kind: 'removed'; readonly cluster: ClusterReport | null }
  /** Of a peer: its data directory is an older copy of itself, as another member says; it is to be opened again as that. */
  | { readonly kind: 'rolled-back'; readonly forgotten: string }
  /** Of a standby: a committed configuration has it as a learner. */
  | { readonly kind: 'activated'; readonly plan: MemberPlan };

export interface Mode {
  readonly kind: 'peer' | 'standby';
  /** 0 of a standby. */
  readonly memberId: number;
  /** Resolves when it is over and everything of it is closed but the ports; never rejects. */
  readonly ended: Promise<ModeEnd>;
  /** Finishes what is under way. `ended` tells when that is done. */
  stop(): void;
}
