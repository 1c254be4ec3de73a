/**
 * What clients ask of the simulated service, and how it travels in the log. Every operation has a number of its own, so
 * that it can be told whether it was carried out, and how often.
 */

export type Operation =
  | { readonly kind: 'put'; readonly op: number; readonly key: string; readonly value: string; readonly lease: number }
  /** `end` empty: the one key. */
  | { readonly kind: 'delete'; readonly op: number; readonly key: string; readonly end: string }
  /** Where `key` was last changed at `mod`: puts `value` to it and to `also`, in one revision; else reads it. */
  | {
      readonly kind: 'swap';
      readonly op: number;
      readonly key: string;
      readonly mod: number;
      readonly also: string;
      readonly value: string;
    }
  | { readonly kind: 'compact'; readonly op: number; readonly revision: number }
  | { readonly kind: 'grant'; readonly op: number; readonly lease: number; readonly ttl: number }
  | { readonly kind: 'revoke'; readonly op: number; readonly lease: number }
  /** By the leader of `term` alone: the time of the lease is over. */
  | { readonly kind: 'expire'; readonly op: number; readonly lease: number; readonly term: number };

export interface OperationResult {
  readonly ok: boolean;
  /** Of the state after it. */
  readonly revision: number;
  /** Of a swap: whether it was done. Of a delete: how many keys. Else 0. */
  readonly detail: number;
}

export function encodeOperation(operation: Operation): Uint8Array {
  return Buffer.from(JSON.stringify(operation), 'latin1');
}

export function decodeOperation(bytes: Uint8Array): Operation {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')) as Operation;
}
