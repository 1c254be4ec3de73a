// Which endpoint takes the next call. Pure: it sees a snapshot of what is known of each endpoint and answers with an
// index. Learners and standbys take no traffic; the leader is preferred where the caller asks for it, because it saves
// a hop; all others take turns.

/** What an endpoint is known to be. `unknown` counts as a voter until it says otherwise. */
export type EndpointRole = 'unknown' | 'voter' | 'leader' | 'learner' | 'standby';

/** Why and for how long an endpoint is not dialled, and what it is. */
export interface Candidate {
  readonly role: EndpointRole;
  /** A connection is open. */
  readonly open: boolean;
  /** A connection is being made. */
  readonly dialling: boolean;
  /** Not dialled before this time: it failed, or said that it takes no traffic. Has no meaning while `open`. */
  readonly retryAtMs: number;
}

export interface PickRequest {
  readonly preferLeader: boolean;
  /** The endpoint that just failed this call; taken again only when there is no other. -1: none. */
  readonly avoid: number;
  /** Any non-negative integer that grows; turns go by it. */
  readonly turn: number;
  readonly nowMs: number;
}

export type Pick =
  | { readonly action: 'send'; readonly index: number }
  | { readonly action: 'dial'; readonly index: number }
  /** `untilMs` is when a dial may be tried again; undefined when only a pending dial can help. */
  | { readonly action: 'wait'; readonly untilMs: number | undefined };

/** True where an endpoint may take a call that names no endpoint. */
export function takesTraffic(role: EndpointRole): boolean {
  return role !== 'learner' && role !== 'standby';
}

/**
 * Sends over an open connection where there is one; otherwise dials the next endpoint in turn. An endpoint that said it
 * takes no traffic is dialled again once its time has come, since learners are promoted and standbys activated.
 */
export function pickEndpoint(candidates: readonly Candidate[], request: PickRequest): Pick {
  const count = candidates.length;
  let open = -1;
  let dial = -1;
  let untilMs: number | undefined;
  for (let i = 0; i < count; i++) {
    const index = (request.turn + i) % count;
    const candidate = candidates[index] as Candidate;
    if (candidate.open) {
      if (!takesTraffic(candidate.role)) continue;
      if (request.preferLeader && candidate.role === 'leader' && index !== request.avoid)
        return { action: 'send', index };
      if (open === -1 || open === request.avoid) open = index;
    } else if (!candidate.dialling) {
      if (candidate.retryAtMs > request.nowMs) untilMs = Math.min(untilMs ?? Infinity, candidate.retryAtMs);
      else if (dial === -1 || dial === request.avoid) dial = index;
    }
  }
  // The one that just failed is the last resort, behind a dial to any other.
  if (open !== -1 && (open !== request.avoid || dial === -1 || dial === request.avoid)) {
    return { action: 'send', index: open };
  }
  if (dial !== -1) return { action: 'dial', index: dial };
  return { action: 'wait', untilMs };
}
