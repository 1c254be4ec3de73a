/**
 * The pace of pre-votes after the leader was reported dead, or where a quorum has come together that nobody leads. All
 * notice at about the same time, so the voters take turns: the lowest id first, the others a heartbeat interval later
 * each, and again at every interval until an election timeout is over. From then on the ordinary timeout decides.
 *
 * This only brings a pre-vote forward. Who still hears from the leader refuses it, so a member that merely lost its own
 * connection changes nothing.
 */
export class CrashFailover {
  private active = false;
  private elapsedTicks = 0;
  private nextAttemptTicks = 0;
  /** Position among the voters that are left, by id; later ones where a leader is to have time to speak. */
  private rank = 0;

  get running(): boolean {
    return this.active;
  }

  /** True where the first attempt is due at once. */
  begin(rank: number, heartbeatTicks: number): boolean {
    this.active = true;
    this.rank = rank;
    this.elapsedTicks = 0;
    this.nextAttemptTicks = Math.max(rank, 1) * heartbeatTicks;
    return rank === 0;
  }

  end(): void {
    this.active = false;
  }

  /** True where an attempt is due. */
  tick(electionTicks: number, heartbeatTicks: number): boolean {
    if (!this.active) return false;
    this.elapsedTicks++;
    if (this.elapsedTicks > electionTicks) {
      this.end();
      return false;
    }
    if (this.elapsedTicks < this.nextAttemptTicks) return false;
    this.nextAttemptTicks = this.elapsedTicks + heartbeatTicks;
    return true;
  }

  /** Somebody else has this member's pre-vote: let it try. */
  yieldTurn(heartbeatTicks: number): void {
    this.nextAttemptTicks = this.elapsedTicks + (this.rank + 1) * heartbeatTicks;
  }
}
