/** How a campaign began. A transfer, alone told to the voters, never pre-votes, and their leases do not stop it. */
export const Campaign = { Transfer: 1, Election: 2, PreVote: 3 } as const;
export type Campaign = (typeof Campaign)[keyof typeof Campaign];
