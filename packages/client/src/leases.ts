// Leases: time that a client has bought, and keys that go when it runs out.
import {
  type LeaseGrantResponse,
  type LeaseKeepAliveResponse,
  type LeaseLeasesResponse,
  type LeaseRevokeResponse,
  LeaseService,
  type LeaseTimeToLiveResponse,
} from '@understudy/protocol';
import { type CallOptions, NO_OPTIONS } from './call-options.js';
import { ClientError } from './client-error.js';
import type { Dispatcher } from './dispatcher.js';
import { type KeepAliveDeps, renewOnce } from './keep-alive.js';
import type { LeaseId } from './kv-requests.js';
import { LeaseKeeper, type LeaseKeeperOptions } from './lease-keeper.js';

export interface GrantOptions extends CallOptions {
  /** Default: the server chooses. */
  readonly id?: LeaseId | undefined;
}

export interface TimeToLiveOptions extends CallOptions {
  /** Also list the keys of the lease. */
  readonly keys?: boolean | undefined;
}

const { methods } = LeaseService;

export class Leases {
  private readonly dispatcher: Dispatcher;
  private readonly deps: KeepAliveDeps;
  private readonly keepers: Set<LeaseKeeper>;

  /** For `Client`. */
  constructor(deps: KeepAliveDeps, keepers: Set<LeaseKeeper>) {
    this.dispatcher = deps.dispatcher;
    this.deps = deps;
    this.keepers = keepers;
  }

  /**
   * @param ttlSeconds whole seconds; the server may grant more
   * @throws ClientError FAILED_PRECONDITION when the id is taken
   */
  grant(ttlSeconds: number, options: GrantOptions = NO_OPTIONS): Promise<LeaseGrantResponse> {
    const request = { ttl: ttlSeconds, id: BigInt(options.id ?? 0) };
    return this.dispatcher.call(methods.leaseGrant, request, options, same);
  }

  /** Ends a lease; its keys are deleted. @throws ClientError NOT_FOUND when there is no such lease */
  revoke(id: LeaseId, options: CallOptions = NO_OPTIONS): Promise<LeaseRevokeResponse> {
    return this.dispatcher.call(methods.leaseRevoke, { id: BigInt(id) }, options, same);
  }

  /** Renews a lease once. @throws ClientError NOT_FOUND when there is no such lease */
  async keepAliveOnce(id: LeaseId, options: CallOptions = NO_OPTIONS): Promise<LeaseKeepAliveResponse> {
    const answer = await renewOnce(this.deps, BigInt(id), options);
    if (answer.ttl > 0) return answer;
    throw new ClientError('NOT_FOUND', 'etcdserver: requested lease not found', { outcome: 'not-applied' });
  }

  /** Keeps a lease alive until it is closed, or the lease is lost. */
  keepAlive(id: LeaseId, options: LeaseKeeperOptions = {}): LeaseKeeper {
    const keeper = new LeaseKeeper(this.deps, BigInt(id), options, () => this.keepers.delete(keeper));
    this.keepers.add(keeper);
    return keeper;
  }

  /** `ttl` is -1 when there is no such lease. */
  timeToLive(id: LeaseId, options: TimeToLiveOptions = NO_OPTIONS): Promise<LeaseTimeToLiveResponse> {
    const request = { id: BigInt(id), keys: options.keys ?? false };
    return this.dispatcher.call(methods.leaseTimeToLive, request, options, same);
  }

  leases(options: CallOptions = NO_OPTIONS): Promise<LeaseLeasesResponse> {
    return this.dispatcher.call(methods.leaseLeases, {}, options, same);
  }
}

function same<T>(answer: T): T {
  return answer;
}
