// What one member says of itself, and who leads.
import {
  AlarmAction,
  AlarmType,
  KVService,
  MaintenanceService,
  type MoveLeaderResponse,
  RangeRequest,
  type StatusResponse,
} from '@understudy/protocol';
import { type CallOptions, NO_OPTIONS } from './call-options.js';
import { ClientError } from './client-error.js';
import type { Dispatcher } from './dispatcher.js';

/** A read through one member, and its alarms. */
export interface Health {
  readonly healthy: boolean;
  /** Empty when healthy. */
  readonly reason: string;
}

const { methods } = MaintenanceService;
const HEALTH_KEY = Buffer.from('health');

export class Maintenance {
  private readonly dispatcher: Dispatcher;

  /** For `Client`. */
  constructor(dispatcher: Dispatcher) {
    this.dispatcher = dispatcher;
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
    const alarms = await this.alarms(pinned);
    return { healthy: alarms.length === 0, reason: alarms.length === 0 ? '' : `Active Alarm(s): ${alarms.join(', ')}` };
  }

  private async alarms(options: CallOptions): Promise<string[]> {
    try {
      const request = { action: AlarmAction.GET, memberId: 0, alarm: AlarmType.NONE };
      const answer = await this.dispatcher.call(methods.alarm, request, options, same);
      return answer.alarms.map(({ alarm }) => (alarm === AlarmType.NOSPACE ? 'NOSPACE' : 'CORRUPT'));
    } catch (error) {
      // The read went through: a member that cannot list alarms is no sick member.
      if (error instanceof ClientError) return [];
      throw error;
    }
  }

  /** Hands leadership to another voter. @throws ClientError FAILED_PRECONDITION when it is none, or is not in step */
  moveLeader(targetId: number, options: CallOptions = NO_OPTIONS): Promise<MoveLeaderResponse> {
    return this.dispatcher.call(methods.moveLeader, { targetId }, options, same);
  }
}

function same<T>(answer: T): T {
  return answer;
}
