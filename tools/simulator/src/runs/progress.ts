/** How far a long campaign is, now and then. */

const EVERY_MS = 10_000;

export interface SoFar {
  readonly seeds: number;
  readonly simulatedMs: number;
}

export class Progress {
  private readonly began = performance.now();
  private readonly cpuBegan = process.cpuUsage();
  private last = this.began;

  constructor(private readonly print: (line: string) => void) {}

  get elapsedMs(): number {
    return performance.now() - this.began;
  }

  /** Of all threads of the process. */
  get cpuMs(): number {
    const { system, user } = process.cpuUsage(this.cpuBegan);
    return (system + user) / 1_000;
  }

  report({ seeds, simulatedMs }: SoFar): void {
    const now = performance.now();
    if (now - this.last < EVERY_MS) return;
    this.last = now;
    const speed = Math.round(simulatedMs / (now - this.began));
    const hours = (simulatedMs / 3_600_000).toFixed(2);
    this.print(`${seeds} seeds, ${hours} simulated hours, ${speed} simulated seconds a real second`);
  }
}
