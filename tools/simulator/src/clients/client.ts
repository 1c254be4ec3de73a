/**
 * A client: asks one thing at a time, of any member, and goes on when it is answered, refused or tired of waiting. What
 * it was not told the outcome of may still happen; it does not ask for the same again.
 */
import type { OperationResult } from '../state/operation.js';
import type { Process } from '../process.js';
import { Random } from '../random.js';
import type { World } from '../world.js';
import { keyStates } from './key-states.js';
import type { ClientOutcome, ClientRequest } from './request.js';
import { type Step, Workload } from './workload.js';

const PATIENCE_MS = 8_000;

export class Client {
  answered = 0;
  unknown = 0;
  private readonly random: Random;
  private readonly workload: Workload;
  private readonly seen = new Map<string, number>();
  private requests = 0;
  stopped = false;

  constructor(
    private readonly world: World,
    private readonly number: number,
  ) {
    this.random = Random.of(world.setup.seed, `client ${number}`);
    const { linearizable, setup } = world;
    this.workload = new Workload(this.random, {
      keys: setup.keys,
      newOp: () => world.newOp(),
      get known() {
        return linearizable.told;
      },
      seenModRevision: (key) => this.seen.get(key) ?? 0,
    });
  }

  start(): void {
    this.think();
  }

  private think(): void {
    const { clients, opsPerSecond } = this.world.setup;
    const mean = (1_000 * clients) / opsPerSecond;
    this.world.clock.after(this.random.between(0, 2 * mean), () => this.act());
  }

  private act(): void {
    if (this.stopped) return;
    const serving = this.world.serving();
    if (serving.length === 0) {
      this.think();
      return;
    }
    const process = this.random.pick(serving);
    const step = this.workload.next();
    if (step.kind === 'renew') {
      const leader = this.random.chance(0.7) ? this.world.leader() : null;
      this.world.leases.renew(leader ?? process, step.lease);
      this.think();
      return;
    }
    this.ask(process, step);
  }

  private ask(process: Process, step: Exclude<Step, { kind: 'renew' }>): void {
    const { checks, clock } = this.world;
    const asks = step.kind === 'write' ? { operation: step.operation, key: '', end: '' } : { ...step, operation: null };
    const request: ClientRequest = {
      ...asks,
      number: this.number * 1_000_000 + this.requests++,
      kind: step.kind,
      member: process.id,
      invokedAt: clock.now,
      floor: this.world.linearizable.told,
    };
    checks.onInvoke(request);
    let waiting = true;
    const outcome = (result: ClientOutcome): void => {
      if (!waiting) return;
      waiting = false;
      if (result.kind === 'done') this.answered++;
      else if (result.kind === 'unknown') this.unknown++;
      this.world.trace(() => `client ${this.number}: ${describe(request)}: ${describeOutcome(result)}`);
      this.world.mix(result.kind === 'done' ? result.revision : 1);
      checks.guard(() => checks.onOutcome(request, result));
      this.think();
    };
    clock.after(PATIENCE_MS, () => outcome({ kind: 'unknown' }));
    if (step.kind === 'write') {
      process.propose(step.operation, (error, result) => {
        if (error === null) outcome(doneWith(result as OperationResult, step.operation.kind));
        else outcome({ kind: error.outcome === 'not-applied' ? 'not-applied' : 'unknown' });
      });
    } else if (step.kind === 'stale-read') {
      process.enter(() => outcome(this.read(process, step.key, step.end)));
    } else {
      process.enter(() => {
        process.core?.readBarrier(this.world.setup.node.proposalTimeoutMs, (error) => {
          outcome(error === null ? this.read(process, step.key, step.end) : { kind: 'unknown' });
        });
      });
    }
  }

  private read(process: Process, key: string, end: string): ClientOutcome {
    const { state } = process;
    if (state === null) return { kind: 'unknown' };
    const kvs = keyStates(state.mvcc, key, end, 0);
    for (const kv of kvs) this.seen.set(kv.key, kv.modRevision);
    return { kind: 'done', revision: state.mvcc.revision, kvs, changed: false };
  }
}

function doneWith(result: OperationResult, kind: string): ClientOutcome {
  const changed = kind === 'put' ? result.ok : kind === 'delete' || kind === 'swap' ? result.detail > 0 : false;
  return { kind: 'done', revision: result.revision, kvs: [], changed };
}

function describe({ end, key, kind, member, operation }: ClientRequest): string {
  const what = operation === null ? `${kind} ${key}${end === '' ? '' : `..${end}`}` : JSON.stringify(operation);
  return `${what} at ${member}`;
}

function describeOutcome(outcome: ClientOutcome): string {
  return outcome.kind === 'done' ? `revision ${outcome.revision}, ${outcome.kvs.length} keys` : outcome.kind;
}
