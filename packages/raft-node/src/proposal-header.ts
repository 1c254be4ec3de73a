/**
 * What stands before the data of every proposal in the log: who proposed it, in which run of that process, as its how
 * manieth. So the proposer finds the waiting caller when the entry is applied, whichever leader appended it.
 *
 *   version u8 | proposer u56 | run u32 | sequence u48, little endian
 *
 * The run is random: after a restart, entries of the run before never meet a caller of this one.
 */

export const PROPOSAL_HEADER_BYTES = 18;
const VERSION = 1;
const PROPOSER_AT = 1;
const RUN_AT = 8;
const SEQUENCE_AT = 12;

export class ProposalHeader {
  readonly #prefix: Uint8Array;

  constructor(
    readonly proposer: number,
    readonly run: number,
  ) {
    const prefix = Buffer.alloc(SEQUENCE_AT);
    prefix[0] = VERSION;
    prefix.writeUInt32LE(proposer % 2 ** 32, PROPOSER_AT);
    prefix.writeUIntLE(Math.floor(proposer / 2 ** 32), PROPOSER_AT + 4, 3);
    prefix.writeUInt32LE(run, RUN_AT);
    this.#prefix = prefix;
  }

  /** 1 <= sequence < 2^48. */
  encode(sequence: number, data: Uint8Array): Uint8Array {
    const bytes = Buffer.allocUnsafe(PROPOSAL_HEADER_BYTES + data.length);
    bytes.set(this.#prefix, 0);
    let rest = sequence;
    for (let i = SEQUENCE_AT; i < PROPOSAL_HEADER_BYTES; i++) {
      bytes[i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    bytes.set(data, PROPOSAL_HEADER_BYTES);
    return bytes;
  }

  /** The sequence of a proposal of this very run; 0 for anybody else's. */
  ownSequence(payload: Uint8Array): number {
    const prefix = this.#prefix;
    for (let i = PROPOSER_AT; i < SEQUENCE_AT; i++) if (payload[i] !== prefix[i]) return 0;
    return sequenceOf(payload);
  }
}

/** False for a payload that this version cannot read: the member must stop before it applies it. */
export function isProposal(payload: Uint8Array): boolean {
  return payload.length >= PROPOSAL_HEADER_BYTES && payload[0] === VERSION;
}

export function proposalData(payload: Uint8Array): Uint8Array {
  return new Uint8Array(
    payload.buffer,
    payload.byteOffset + PROPOSAL_HEADER_BYTES,
    payload.length - PROPOSAL_HEADER_BYTES,
  );
}

export function proposerOf(payload: Uint8Array): number {
  return littleEndian(payload, PROPOSER_AT, RUN_AT);
}

export function runOf(payload: Uint8Array): number {
  return littleEndian(payload, RUN_AT, SEQUENCE_AT);
}

export function sequenceOf(payload: Uint8Array): number {
  return littleEndian(payload, SEQUENCE_AT, PROPOSAL_HEADER_BYTES);
}

function littleEndian(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let i = to - 1; i >= from; i--) value = value * 256 + (bytes[i] as number);
  return value;
}
