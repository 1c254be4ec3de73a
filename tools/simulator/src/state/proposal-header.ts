/** The bytes that raft-node puts before the data of a proposal: version 1, proposer 7, run 4, sequence 6. */
export const PROPOSAL_HEADER_BYTES = 18;
