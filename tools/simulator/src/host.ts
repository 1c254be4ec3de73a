/**
 * One machine: a slot with a disk, and the member whose process runs on it, if any. A member whose disk is lost gives its
 * place up: the machine comes back under a new id, as the design's section 3 demands.
 */
import type { RaftNodeError } from '@understudy/raft-node';
import { WalError } from '@understudy/wal-level';
import { type CrashKind, Disk } from './disk/disk.js';
import { Process } from './process.js';
import type { World } from './world.js';

/** What the operator wants the machine to be. */
export type WantedRole = 'voter' | 'learner' | 'none';

export class Host {
  /** 0: it has never been a member. */
  id = 0;
  disk: Disk;
  process: Process | null = null;
  wanted: WantedRole = 'none';
  /** Its disk is lost or unreadable, or its vote: the id is to be given up. */
  broken = false;
  crashedBy: CrashKind = 'power';
  /** Grows with each start and crash: what was planned for before no longer counts. */
  life = 0;

  constructor(
    private readonly world: World,
    readonly slot: number,
  ) {
    this.disk = this.newDisk();
  }

  get running(): boolean {
    return this.process?.alive === true;
  }

  /** A new member on an empty disk. */
  join(id: number): void {
    this.id = id;
    this.broken = false;
    this.disk = this.newDisk();
    this.world.byId.set(id, this);
  }

  start(bootstrap: readonly { readonly id: number }[] | null = null): void {
    if (this.running || this.broken || this.id === 0) return;
    this.life++;
    this.process = new Process(this.world, this, this.id);
    this.world.trace(() => `member ${this.id} starts on machine ${this.slot}`);
    this.process.start(bootstrap);
  }

  crash(kind: CrashKind): void {
    const { process } = this;
    if (process === null || !process.alive) return;
    this.life++;
    this.crashedBy = kind;
    process.kill();
    this.disk.crash(kind);
    this.world.trace(() => `member ${this.id} ends by ${kind}`);
    if (kind === 'kill') this.world.tellDeath(this.id);
  }

  /** Everything on its disk is gone. */
  wipe(): void {
    this.crash('power');
    this.broken = true;
    this.world.trace(() => `the disk of member ${this.id} is wiped`);
  }

  /** Starts again after `delayMs`, unless something else happens first. */
  startAfter(delayMs: number): void {
    const { life } = this;
    this.world.clock.after(delayMs, () => {
      if (life === this.life) this.start();
    });
  }

  logRefused(process: Process, error: Error | null): void {
    const damaged = error instanceof WalError && (error.code === 'damaged' || error.code.startsWith('identity'));
    if (this.disk.damaged && damaged) {
      this.world.count('damaged logs refused');
      process.kill();
      this.broken = true;
      return;
    }
    if (this.diskFailed(process)) return;
    this.world.checks.fail(
      'member-runs',
      `member ${this.id} cannot open its log, which nobody damaged: ${error?.message}`,
    );
  }

  /** `recovery` as the log has it. A member that cannot prove its vote runs, counts for nothing, and is to be replaced. */
  logOpened(recovery: { readonly voteProven: boolean } | null): void {
    // What was damaged and opens as whole has lost nothing, or the invariants say so.
    this.disk.damaged = recovery !== null;
    if (recovery === null) return;
    this.world.count(recovery.voteProven ? 'logs opened to recover' : 'logs opened without a proven vote');
    if (!recovery.voteProven) this.broken = true;
  }

  /** Its state is thrown away, which is right where somebody damaged it. */
  stateDamaged(damage: string): void {
    if (!this.disk.stateDamaged) {
      this.world.checks.fail('member-runs', `member ${this.id} finds its state damaged, which nobody did: ${damage}`);
    }
    this.world.count('states thrown away');
    this.world.trace(() => `member ${this.id} throws its state away: ${damage}`);
  }

  /** Log and state together have all that was committed: nothing is to be made good any more. */
  stateWhole(): void {
    this.disk.stateDamaged = false;
  }

  recovered(): void {
    this.disk.damaged = false;
    this.world.count('members recovered');
  }

  /** The decision logic has stopped. That is right after a failed write, and in no other case. */
  failed(process: Process, error: RaftNodeError): void {
    this.world.trace(() => `member ${this.id} fails: ${error.message}`);
    if (this.diskFailed(process)) return;
    const { violation } = this.world.checks;
    if (violation !== null) return;
    this.world.checks.fail('member-runs', `member ${this.id} stops: ${error.message}`);
  }

  /** True where a fault of the disk explains that the process ends; it is started again later. */
  diskFailed(process: Process): boolean {
    if (!this.disk.failedWrite) return false;
    this.disk.failedWrite = false;
    process.defer(() => {
      this.crash('kill');
      this.startAfter(this.world.random.between(200, 2_000));
    });
    return true;
  }

  private newDisk(): Disk {
    const { world } = this;
    const { diskCounts, diskRandom, setup } = world;
    return new Disk(diskRandom, setup.disk, {
      befell: (what) => diskCounts.set(what, (diskCounts.get(what) ?? 0) + 1),
      unsynced: (batches) => world.whenUnsynced?.(this, batches),
    });
  }
}
