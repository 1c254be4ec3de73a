// gRPC's status codes: the words that every door uses for how a call ended.

export const StatusCode = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;
export type StatusCode = (typeof StatusCode)[keyof typeof StatusCode];
export type StatusName = keyof typeof StatusCode;

const names: readonly StatusName[] = Object.keys(StatusCode) as StatusName[];

// In the order of the codes; as the JSON gateway of etcd 3.4 answers.
const httpStatuses: readonly number[] = [
  200, 408, 500, 400, 504, 404, 409, 403, 429, 412, 409, 400, 501, 500, 503, 500, 401,
];

/** The name of a code; a number that is no code is UNKNOWN. */
export function statusName(code: number): StatusName {
  return names[code] ?? 'UNKNOWN';
}

/** A number from the wire as a code; what is no code is UNKNOWN. */
export function toStatusCode(code: number): StatusCode {
  return StatusCode[statusName(code)];
}

/** The HTTP status with which the JSON gateway answers a code. */
export function httpStatusOf(code: StatusCode): number {
  return httpStatuses[code] ?? 500;
}
