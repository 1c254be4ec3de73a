/** When leases expire, driven as the server does it: the leader looks, and ends what is over through the log. */
import type { Process } from './process.js';
import type { World } from './world.js';

const MAX_EXPIRIES = 16;

export class Leases {
  constructor(private readonly world: World) {}

  /**
   * A leader takes the leases over once it has applied an entry of its own term: before, an expiry of its predecessor may
   * still be on its way to being applied, and would end a lease that was renewed here.
   */
  leadershipChanged({ core, state }: Process): void {
    if (core === null || state === null) return;
    const { lessor } = state.mvcc;
    const settled = state.appliedTerm === core.term;
    if (core.isLeader && settled && !lessor.primary)
      lessor.promote(this.world.clock.now, this.world.setup.node.electionTimeoutMs);
    else if (!core.isLeader && lessor.primary) lessor.demote();
  }

  look(process: Process): void {
    const { core, state } = process;
    this.leadershipChanged(process);
    if (core === null || state === null || !core.isLeader || !state.mvcc.lessor.primary) return;
    for (const id of state.mvcc.lessor.expired(this.world.clock.now, MAX_EXPIRIES)) {
      const expiry = { kind: 'expire', op: this.world.newOp(), lease: Number(id), term: core.term } as const;
      // It stays overdue, and is offered again where this one is lost.
      process.propose(expiry, () => {});
    }
  }

  /** The client's heartbeat for a lease; only a leader takes it. */
  renew(process: Process, lease: number): void {
    process.enter(() => {
      const { state } = process;
      if (state === null || !state.mvcc.lessor.primary) return;
      const outcome = state.mvcc.lessor.renew(BigInt(lease), this.world.clock.now);
      const leads = this.world.leader();
      // What a leader says that has been replaced already is advice.
      if (outcome.ok && leads === process) this.world.leaseKept.renewed(lease);
    });
  }
}
