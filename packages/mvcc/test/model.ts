/**
 * The state machine as one would write it in five minutes: every change in a list, every question a scan of it. What
 * the property tests hold the real one against.
 */
export interface ModelChange {
  readonly main: number;
  readonly key: string;
  readonly deletion: boolean;
  readonly value: string;
  readonly create: number;
  readonly version: number;
  readonly lease: bigint;
}

export class Model {
  changes: ModelChange[] = [];
  revision = 1;
  compacted = -1;
  leases = new Map<bigint, number>();
  private made = false;

  clone(): Model {
    const copy = new Model();
    copy.changes = [...this.changes];
    copy.revision = this.revision;
    copy.compacted = this.compacted;
    copy.leases = new Map(this.leases);
    return copy;
  }

  /** The newest change of a key at a revision, unless it is a deletion. */
  at(key: string, revision: number): ModelChange | undefined {
    const newest = this.changes.findLast((change) => change.key === key && change.main <= revision);
    return newest?.deletion === true ? undefined : newest;
  }

  range(from: string, to: string | null, revision: number): ModelChange[] {
    const keys = [...new Set(this.changes.map((change) => change.key))].sort();
    return keys
      .filter((key) => (to === null ? key === from : key >= from && key < to))
      .flatMap((key) => this.at(key, revision) ?? []);
  }

  put(key: string, value: string, lease: bigint): void {
    const main = this.revision + 1;
    const before = this.at(key, main);
    const create = before?.create ?? main;
    const version = (before?.version ?? 0) + 1;
    this.changes.push({ main, key, deletion: false, value, create, version, lease });
    this.made = true;
  }

  delete(from: string, to: string | null): number {
    const main = this.revision + 1;
    const found = this.range(from, to, main);
    for (const { key } of found) {
      this.changes.push({ main, key, deletion: true, value: '', create: 0, version: 0, lease: 0n });
      this.made = true;
    }
    return found.length;
  }

  revoke(lease: bigint): void {
    for (const { key, lease: held } of this.range('', '\u0100', this.revision)) {
      if (held === lease) this.delete(key, null);
    }
    this.leases.delete(lease);
  }

  end(): void {
    if (this.made) this.revision++;
    this.made = false;
  }

  /** What a watch is told from `first` on. */
  told(from: string, to: string | null, first: number): ModelChange[] {
    return this.changes.filter(
      ({ main, key }) => main >= first && (to === null ? key === from : key >= from && key < to),
    );
  }
}
