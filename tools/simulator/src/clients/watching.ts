/** Watches that go on from member to member: where one's process ends, the watch is opened again on another. */
import type { Watch } from '@understudy/mvcc';
import type { WatchedRange } from '../checks/watch-order.js';
import type { Process } from '../process.js';
import { Random } from '../random.js';
import { bytesOf } from '../state/simulated-state.js';
import type { World } from '../world.js';
import { keyName } from './workload.js';

const LOOK_MS = 400;

export class Watching {
  readonly range: WatchedRange;
  private readonly random: Random;
  private process: Process | null = null;
  private watch: Watch | null = null;

  constructor(
    private readonly world: World,
    number: number,
  ) {
    this.random = Random.of(world.setup.seed, `watch ${number}`);
    const from = this.random.below(world.setup.keys);
    const whole = this.random.chance(0.5);
    const one = this.random.chance(0.4);
    this.range = {
      number,
      from: whole ? 'k' : keyName(from),
      to: whole ? 'l' : one ? `${keyName(from)}\0` : keyName(from + 3),
      next: 2,
    };
  }

  start(): void {
    this.world.clock.after(this.random.between(0, LOOK_MS), () => this.look());
  }

  /** Attached to a process that runs. */
  get attached(): boolean {
    return this.process?.serves === true && this.watch?.active === true;
  }

  private look(): void {
    const { random, world } = this;
    if (this.attached && random.chance(0.02)) {
      this.watch?.cancel();
      this.watch = null;
    }
    if (!this.attached) this.open();
    world.clock.after(random.between(0.5, 1.5) * LOOK_MS, () => this.look());
  }

  private open(): void {
    const { range, random, world } = this;
    const serving = world.serving();
    if (serving.length === 0) return;
    const process = random.pick(serving);
    process.enter(() => {
      if (process.state === null || this.attached) return;
      const one = range.to === `${range.from}\0`;
      const request = {
        key: bytesOf(range.from),
        rangeEnd: one ? new Uint8Array(0) : bytesOf(range.to),
        startRevision: range.next,
        prevKv: false,
        noPut: false,
        noDelete: false,
      };
      const opened = process.state.mvcc.watch(request, {
        events: (batch) => {
          if (random.chance(0.1)) {
            process.later(world.clock.now + random.between(1, 2 * LOOK_MS), () => this.watch?.resume());
            return false;
          }
          world.checks.guard(() => world.watchOrder.onEvents(range, process.id, batch));
          return true;
        },
        compacted: (revision) => {
          this.watch = null;
          world.count('watches compacted');
          world.checks.guard(() => world.watchOrder.onCompacted(range, process.id, revision));
        },
      });
      if (!opened.ok) return;
      this.process = process;
      this.watch = opened.watch;
    });
  }
}
