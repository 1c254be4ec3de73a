/** What a member answers while it does not vote: serializable ranges and its status; a reader linearizable ranges, too. */
import { KVService, MaintenanceService, type MethodDescriptor, type RangeRequest } from '@understudy/protocol';

export function answersAsLearner({ path, service }: MethodDescriptor, request: object, isReader: boolean): boolean {
  if (service.startsWith('grpc.')) return true;
  if (path === MaintenanceService.methods.status.path) return true;
  const isRange = path === KVService.methods.range.path;
  return isRange && ((request as RangeRequest).serializable || isReader);
}
