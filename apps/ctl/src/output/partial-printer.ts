// The printer of a format that prints only some answers: everything else says that it cannot.
import { CtlError, ExitCode } from '../exit-code.js';
import type { Printer } from './printer.js';

/** A printer that refuses everything but what `supported` has. */
export function partialPrinter(format: string, supported: Partial<Printer>): Printer {
  const refuse = (): never => {
    throw unsupported(format);
  };
  return {
    get: refuse,
    put: refuse,
    del: refuse,
    txn: refuse,
    watch: refuse,
    compaction: refuse,
    leaseGrant: refuse,
    leaseRevoke: refuse,
    leaseKeepAlive: refuse,
    leaseTimeToLive: refuse,
    leases: refuse,
    memberAdd: refuse,
    memberRemove: refuse,
    memberUpdate: refuse,
    memberPromote: refuse,
    memberList: refuse,
    endpointStatus: refuse,
    endpointHealth: refuse,
    endpointHash: refuse,
    moveLeader: refuse,
    plain: refuse,
    snapshotStatus: refuse,
    report: refuse,
    ...supported,
  };
}

export function unsupported(format: string): CtlError {
  return new CtlError(ExitCode.badFeature, `${format} not supported as output format`);
}
