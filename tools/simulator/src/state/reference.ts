/**
 * The reference: what the committed operations mean, in the plainest data structures, independent of the code under
 * test. Every member's answers, states and watches are held against it. It keeps all of history, compacted or not.
 */
import type { Operation, OperationResult } from './operation.js';

export interface Version {
  readonly revision: number;
  /** Null: deleted. */
  readonly value: string | null;
  readonly create: number;
  readonly version: number;
  readonly lease: number;
}

export interface Change {
  readonly revision: number;
  readonly key: string;
  readonly value: string | null;
}

interface ReferenceLease {
  readonly ttl: number;
  readonly keys: Set<string>;
}

export class Reference {
  revision = 1;
  compacted = -1;
  /** Everything that happened, in order; several changes may share a revision. */
  readonly changes: Change[] = [];
  /** By key, oldest version first. */
  readonly keys = new Map<string, Version[]>();
  readonly leases = new Map<number, ReferenceLease>();
  // The next revision is being made.
  private changed = false;
  // Where each revision begins in `changes`; revision 1 has none.
  private readonly starts: number[] = [0, 0];

  apply(operation: Operation, term: number): OperationResult {
    const [ok, detail] = this.run(operation, term);
    if (this.changed) {
      this.revision++;
      this.changed = false;
    }
    return { ok, revision: this.revision, detail };
  }

  /** Null where the key did not exist at `revision`. */
  at(key: string, revision: number): Version | null {
    const versions = this.keys.get(key);
    if (versions === undefined) return null;
    for (let i = versions.length - 1; i >= 0; i--) {
      const version = versions[i] as Version;
      if (version.revision <= revision) return version.value === null ? null : version;
    }
    return null;
  }

  /** Keys in [from, to) that existed at `revision`, ascending. */
  range(from: string, to: string, revision: number): [string, Version][] {
    const found: [string, Version][] = [];
    for (const key of [...this.keys.keys()].sort()) {
      if (key < from || (to !== '' && key >= to)) continue;
      const version = this.at(key, revision);
      if (version !== null) found.push([key, version]);
    }
    return found;
  }

  /** Position in `changes` of the first change of `revision` or later. */
  startOf(revision: number): number {
    return revision < this.starts.length ? (this.starts[revision] as number) : this.changes.length;
  }

  private run(operation: Operation, term: number): readonly [ok: boolean, detail: number] {
    switch (operation.kind) {
      case 'put':
        return this.put(operation.key, operation.value, operation.lease);
      case 'delete':
        return [true, this.deleteRange(operation.key, operation.end)];
      case 'swap': {
        const now = this.at(operation.key, this.revision);
        if ((now?.revision ?? 0) !== operation.mod) return [true, 0];
        this.write(operation.key, operation.value, 0);
        this.write(operation.also, operation.value, 0);
        return [true, 1];
      }
      case 'compact':
        if (operation.revision <= this.compacted || operation.revision > this.revision) return [false, 0];
        this.compacted = operation.revision;
        return [true, 0];
      case 'grant':
        if (this.leases.has(operation.lease)) return [false, 0];
        this.leases.set(operation.lease, { ttl: operation.ttl, keys: new Set() });
        return [true, 0];
      case 'revoke':
        return this.revoke(operation.lease);
      case 'expire':
        return operation.term === term ? this.revoke(operation.lease) : [false, 0];
    }
  }

  private put(key: string, value: string, lease: number): readonly [boolean, number] {
    if (lease !== 0 && !this.leases.has(lease)) return [false, 0];
    this.write(key, value, lease);
    return [true, 0];
  }

  private revoke(lease: number): readonly [boolean, number] {
    const found = this.leases.get(lease);
    if (found === undefined) return [false, 0];
    for (const key of [...found.keys].sort()) this.write(key, null, 0);
    this.leases.delete(lease);
    return [true, 0];
  }

  private deleteRange(key: string, end: string): number {
    const found = end === '' ? (this.at(key, this.revision) === null ? [] : [key]) : this.liveKeys(key, end);
    for (const each of found) this.write(each, null, 0);
    return found.length;
  }

  private liveKeys(from: string, to: string): string[] {
    return this.range(from, to, this.revision).map(([key]) => key);
  }

  private write(key: string, value: string | null, lease: number): void {
    const revision = this.revision + 1;
    const versions = this.keys.get(key) ?? [];
    if (versions.length === 0) this.keys.set(key, versions);
    const last = versions[versions.length - 1];
    const lives = last !== undefined && last.value !== null;
    if (lives && last.lease !== 0) this.leases.get(last.lease)?.keys.delete(key);
    if (lease !== 0) this.leases.get(lease)?.keys.add(key);
    versions.push({
      revision,
      value,
      create: value === null ? 0 : lives ? last.create : revision,
      version: value === null ? 0 : lives ? last.version + 1 : 1,
      lease,
    });
    if (!this.changed) this.starts[revision] = this.changes.length;
    this.changed = true;
    this.changes.push({ revision, key, value });
  }
}
