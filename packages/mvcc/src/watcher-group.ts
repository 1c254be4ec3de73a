/** Watchers, found by a key that they watch: single keys by a map, ranges by an interval tree. */
import { IntervalTree } from './interval-tree.js';
import type { Watcher } from './watcher.js';

export class WatcherGroup {
  /** In the order in which they came. */
  private readonly members = new Set<Watcher>();
  private readonly byKey = new Map<string, Watcher[]>();
  private readonly byRange = new IntervalTree<Watcher>();

  get size(): number {
    return this.members.size;
  }

  all(): Watcher[] {
    return [...this.members];
  }

  /** The one that came first. */
  first(): Watcher | undefined {
    return this.members.values().next().value;
  }

  /** Behind all others. */
  moveToEnd(watcher: Watcher): void {
    this.members.delete(watcher);
    this.members.add(watcher);
  }

  add(watcher: Watcher): void {
    this.members.add(watcher);
    if (watcher.to !== null) {
      this.byRange.add(watcher.from, watcher.to, watcher);
      return;
    }
    const same = this.byKey.get(watcher.from);
    if (same === undefined) this.byKey.set(watcher.from, [watcher]);
    else same.push(watcher);
  }

  remove(watcher: Watcher): void {
    if (!this.members.delete(watcher)) return;
    if (watcher.to !== null) {
      this.byRange.remove(watcher.from, watcher.to, watcher);
      return;
    }
    const same = this.byKey.get(watcher.from) as Watcher[];
    if (same.length === 1) {
      this.byKey.delete(watcher.from);
      return;
    }
    const last = same.pop() as Watcher;
    if (last !== watcher) same[same.indexOf(watcher)] = last;
  }

  /** Appends every watcher of `key`. */
  collect(key: string, found: Watcher[]): void {
    const same = this.byKey.get(key);
    if (same !== undefined) for (const watcher of same) found.push(watcher);
    this.byRange.collect(key, found);
  }
}
