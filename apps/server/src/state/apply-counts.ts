/** What this member has applied since it started, for metrics. Plain numbers, since applying is the hot path. */
import type { TxnResponse } from '@understudy/mvcc';

/** As etcd's. */
const SLOW_APPLY_MS = 100;

export class ApplyCounts {
  /** Also within transactions, as etcd counts. */
  puts = 0;
  /** Requests to delete, also within transactions, whatever they found. */
  deletes = 0;
  /** Transactions that changed something or tried to. */
  txns = 0;
  leasesGranted = 0;
  /** Told the time to live of each lease granted, seconds. */
  onGranted: (ttl: number) => void = () => undefined;
  leasesRevoked = 0;
  /** Of those revoked: because their time was over. */
  leasesExpired = 0;
  /** Commands that took `SLOW_APPLY_MS` or more, from the first step to the last. */
  slow = 0;

  /** A command was applied that was begun then. */
  took(beganMs: number): void {
    if (performance.now() - beganMs >= SLOW_APPLY_MS) this.slow += 1;
  }

  addTxn(result: TxnResponse): void {
    this.txns += 1;
    this.#addOperations(result);
  }

  #addOperations({ responses }: TxnResponse): void {
    for (const { responsePut, responseDeleteRange, responseTxn } of responses) {
      if (responsePut !== undefined) this.puts += 1;
      else if (responseDeleteRange !== undefined) this.deletes += 1;
      else if (responseTxn !== undefined) this.#addOperations(responseTxn);
    }
  }
}
