/** What many runs come to together. */
import type { RunResult } from '../run.js';

export interface TallyFigures {
  readonly seeds: number;
  /** Of these, how many ran a second time, and hashed equal. */
  readonly repeated: number;
  readonly simulatedMs: number;
  readonly events: number;
  readonly operations: number;
  readonly asked: number;
  readonly faults: ReadonlyMap<string, number>;
  readonly counted: ReadonlyMap<string, number>;
}

export class Tally implements TallyFigures {
  seeds = 0;
  repeated = 0;
  simulatedMs = 0;
  events = 0;
  operations = 0;
  asked = 0;
  readonly faults = new Map<string, number>();
  readonly counted = new Map<string, number>();

  add(result: RunResult, repeated = false): void {
    this.merge({ ...result, seeds: 1, repeated: repeated ? 1 : 0 });
  }

  merge(other: TallyFigures): void {
    this.seeds += other.seeds;
    this.repeated += other.repeated;
    this.simulatedMs += other.simulatedMs;
    this.events += other.events;
    this.operations += other.operations;
    this.asked += other.asked;
    addAll(this.faults, other.faults);
    addAll(this.counted, other.counted);
  }

  /** `realMs`: how long the runs took; `cpuMs`: what they had of the processors, which says more on a busy machine. */
  describe(realMs: number, cpuMs: number): string {
    const lines = [
      `seeds run                            ${this.seeds}`,
      `of these a second time, hashed equal ${this.repeated}`,
      `simulated time                       ${(this.simulatedMs / 3_600_000).toFixed(2)} h`,
      `real time                            ${(realMs / 1_000).toFixed(1)} s`,
      `simulated s / real s                 ${Math.round(this.simulatedMs / realMs)}`,
      `simulated s / CPU s                  ${Math.round(this.simulatedMs / cpuMs)}`,
      `events                               ${this.events}`,
      `operations checked                   ${this.operations}`,
      `invariants asked                     ${this.asked}`,
      'faults injected',
      ...table(this.faults),
      'and along the way',
      ...table(this.counted),
    ];
    return lines.join('\n');
  }
}

function addAll(into: Map<string, number>, from: ReadonlyMap<string, number>): void {
  for (const [key, count] of from) into.set(key, (into.get(key) ?? 0) + count);
}

function table(counts: ReadonlyMap<string, number>): string[] {
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, count]) => `  ${key.padEnd(46)}${count}`);
}
