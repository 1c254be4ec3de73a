/** What this member has applied since it started, for metrics. Plain numbers, since applying is the hot path. */
import type { TxnResponse } from '@understudy/mvcc';

export class ApplyCounts {
  /** Also within transactions, as etcd counts. */
  puts = 0;
  /** Requests to delete, also within transactions, whatever they found. */
  deletes = 0;
  /** Transactions that changed something or tried to. */
  txns = 0;

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
