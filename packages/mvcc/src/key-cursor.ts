/** A walk over the index in key order. Valid until the index gains or loses a key; entries may change meanwhile. */
import type { KeyEntry } from './key-entry.js';
import { type KeyTree, type Leaf, lowerBound } from './key-tree.js';

export class KeyCursor {
  /** Where `next` has stopped; meaningful after it returned true. */
  key = '';
  private leaf: Leaf | null;
  private at: number;

  /** Begins at the first key at or above `from`; ends before `to`. */
  constructor(
    tree: KeyTree,
    from: string,
    private readonly to: string,
  ) {
    this.leaf = tree.leafFor(from);
    this.at = lowerBound(this.leaf.keys, from);
  }

  /** The next entry, dead or alive; null at the end. */
  next(): KeyEntry | null {
    while (this.leaf !== null) {
      const leaf: Leaf = this.leaf;
      if (this.at < leaf.keys.length) {
        const key = leaf.keys[this.at] as string;
        if (key >= this.to) return null;
        this.key = key;
        return leaf.entries[this.at++] as KeyEntry;
      }
      this.leaf = leaf.next;
      this.at = 0;
    }
    return null;
  }
}
