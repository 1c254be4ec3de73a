// What one member says of itself, what it is told to do with its own data, and who leads.
import {
  AlarmAction,
  type AlarmMember,
  type AlarmResponse,
  AlarmType,
  type DefragmentResponse,
  type HashKVResponse,
  type HashResponse,
  KVService,
  MaintenanceService,
  type MoveLeaderResponse,
  RangeRequest,
  type StatusResponse,
} from '@understudy/protocol';
import { type CallOptions, NO_OPTIONS } from './call-options.js';
import { ClientError } from './client-error.js';
import type { Dispatcher } from './dispatcher.js';
import { downloadSnapshot, type SnapshotOptions } from './snapshot-download.js';

/** A read through one member, and its alarms. */
export interface Health {
  readonly healthy: boolean;
  /** Empty when healthy. */
  readonly reason: string;
}

const { methods } = MaintenanceService;
/** Every alarm of every member. */
const ALL_ALARMS: AlarmMember = { memberId: 0, alarm: AlarmType.NONE };

export interface HashKvOptions extends CallOptions {
  /** The store as it was at this revision. Default: the newest. */
  readonly revision?: number | undefined;
}

const HEALTH_KEY = Buffer.from('health');

export class Maintenance {
  private readonly dispatcher: Dispatcher;
  private readonly timeoutMs: number;

  /** For `Client`. */
  constructor(dispatcher: Dispatcher, timeoutMs: number) {
    this.dispatcher = dispatcher;
    this.timeoutMs = timeoutMs;
  }

  /** @param endpoint whom to ask; any role answers */
  status(endpoint: string, options: CallOptions = NO_OPTIONS): Promise<StatusResponse> {
    return this.dispatcher.call(methods.status, {}, { ...options, endpoint }, same);
  }

  /**
   * Whether a linearizable read through this endpoint is answered, and no alarm is raised.
   * @throws ClientError when the endpoint cannot be reached in time
   */
  async health(endpoint: string, options: CallOptions = NO_OPTIONS): Promise<Health> {
    const pinned = { ...options, endpoint };
    try {
      await this.dispatcher.call(KVService.methods.range, RangeRequest.create({ key: HEALTH_KEY }), pinned, same);
    } catch (error) {
      // Whoever may not read the key still had it decided by a quorum.
      if (!(error instanceof ClientError) || error.code !== 'PERMISSION_DENIED') throw error;
    }
    const alarms = await this.alarmNames(pinned);
    return { healthy: alarms.length === 0, reason: alarms.length === 0 ? '' : `Active Alarm(s): ${alarms.join(', ')}` };
  }

  private async alarmNames(options: CallOptions): Promise<string[]> {
    try {
      const answer = await this.alarms(options);
      return answer.alarms.map(({ alarm }) => (alarm === AlarmType.NOSPACE ? 'NOSPACE' : 'CORRUPT'));
    } catch (error) {
      // The read went through: a member that cannot list alarms is no sick member.
      if (error instanceof ClientError) return [];
      throw error;
    }
  }

  /** The alarms of every member. */
  alarms(options: CallOptions = NO_OPTIONS): Promise<AlarmResponse> {
    return this.dispatcher.call(methods.alarm, { action: AlarmAction.GET, ...ALL_ALARMS }, options, same);
  }

  /** Ends an alarm; every one where none is given. Answers with those that it ended. */
  disarm(alarm: AlarmMember = ALL_ALARMS, options: CallOptions = NO_OPTIONS): Promise<AlarmResponse> {
    return this.dispatcher.call(methods.alarm, { action: AlarmAction.DEACTIVATE, ...alarm }, options, same);
  }

  /** Gives disk space back to the system; the member answers others meanwhile. */
  defragment(endpoint: string, options: CallOptions = NO_OPTIONS): Promise<DefragmentResponse> {
    return this.dispatcher.call(methods.defragment, {}, { ...options, endpoint }, same);
  }

  /** Of a member's whole state as it lies on disk. */
  hash(endpoint: string, options: CallOptions = NO_OPTIONS): Promise<HashResponse> {
    return this.dispatcher.call(methods.hash, {}, { ...options, endpoint }, same);
  }

  /** Of the keys and their history up to a revision: the same on every sound member. */
  hashKv(endpoint: string, options: HashKvOptions = NO_OPTIONS): Promise<HashKVResponse> {
    return this.dispatcher.call(methods.hashKV, { revision: options.revision ?? 0 }, { ...options, endpoint }, same);
  }

  /**
   * A member's state as a file, piece by piece; the hash at its end is checked before the iteration ends.
   * @throws ClientError DATA_LOSS when it does not hold
   */
  snapshot(options: SnapshotOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
    return downloadSnapshot(this.dispatcher, this.timeoutMs, options);
  }

  /** Hands leadership to another voter. @throws ClientError FAILED_PRECONDITION when it is none, or is not in step */
  moveLeader(targetId: number, options: CallOptions = NO_OPTIONS): Promise<MoveLeaderResponse> {
    return this.dispatcher.call(methods.moveLeader, { targetId }, options, same);
  }
}

function same<T>(answer: T): T {
  return answer;
}
