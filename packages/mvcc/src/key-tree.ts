/**
 * The ordered index: a B+-tree from key to entry that also counts the live keys below each node, so that a count, the
 * last keys of a range and one page of a large range cost a descent, not a walk. Entries come and go only through
 * here; whoever makes a key live or dead says so with `addLive`.
 */
import type { KeyEntry } from './key-entry.js';

/** Entries of a leaf, children of an inner node. */
const capacity = 64;
/** A node with fewer looks for a neighbour to merge with. */
const minimum = capacity / 4;
const roomy = (capacity * 3) / 4;

export class Leaf {
  /** Ascending. keys.length === entries.length <= capacity */
  keys: string[] = [];
  entries: KeyEntry[] = [];
  /** The leaf with the next larger keys. */
  next: Leaf | null = null;
  /** Live entries. */
  live = 0;
}

class Inner {
  /** separators[i]: nothing below children[i] is at or above it, nothing below children[i + 1] is below it. */
  separators: string[] = [];
  children: TreeNode[] = [];
  /** Live entries below. */
  live = 0;
}

type TreeNode = Leaf | Inner;

export class KeyTree {
  private root: TreeNode = new Leaf();
  /** Levels of inner nodes above the leaves. */
  private height = 0;
  /** The inner nodes of the last descent from the root, and the child taken in each. */
  private readonly path: Inner[] = [];
  private readonly taken: number[] = [];
  /** All entries, dead ones included. */
  size = 0;

  /** Keys that exist now. */
  get live(): number {
    return this.root.live;
  }

  get(key: string): KeyEntry | undefined {
    const leaf = this.leafFor(key);
    const at = lowerBound(leaf.keys, key);
    return leaf.keys[at] === key ? leaf.entries[at] : undefined;
  }

  /** The leaf in which `key` is or would be. Keys at or above it are there and in the leaves that follow. */
  leafFor(key: string): Leaf {
    let node = this.root;
    for (let level = 0; level < this.height; level++) {
      const inner = node as Inner;
      node = inner.children[childFor(inner.separators, key)] as TreeNode;
    }
    return node as Leaf;
  }

  /** The key must not be there yet. */
  insert(key: string, entry: KeyEntry): void {
    const leaf = this.descend(key);
    const at = lowerBound(leaf.keys, key);
    insertAt(leaf.keys, at, key);
    insertAt(leaf.entries, at, entry);
    this.size++;
    if (entry.live) this.countOnPath(leaf, 1);
    if (leaf.keys.length > capacity) this.splitLeaf(leaf, at === leaf.keys.length - 1);
  }

  /** Of a dead entry that is there. */
  remove(key: string): void {
    const leaf = this.descend(key);
    const at = lowerBound(leaf.keys, key);
    removeAt(leaf.keys, at);
    removeAt(leaf.entries, at);
    this.size--;
    if (leaf.keys.length < minimum) this.refill();
  }

  /** The entry of `key` came to life (1) or died (-1). */
  addLive(key: string, change: 1 | -1): void {
    this.countOnPath(this.descend(key), change);
  }

  /** Live keys below `key`. */
  liveBefore(key: string): number {
    let live = 0;
    let node = this.root;
    for (let level = 0; level < this.height; level++) {
      const inner = node as Inner;
      const child = childFor(inner.separators, key);
      for (let i = 0; i < child; i++) live += (inner.children[i] as TreeNode).live;
      node = inner.children[child] as TreeNode;
    }
    const leaf = node as Leaf;
    const end = lowerBound(leaf.keys, key);
    for (let i = 0; i < end; i++) if ((leaf.entries[i] as KeyEntry).live) live++;
    return live;
  }

  /** The live key with `rank` live keys below it. 0 <= rank < live */
  liveKeyAt(rank: number): string {
    let node = this.root;
    for (let level = 0; level < this.height; level++) {
      const inner = node as Inner;
      let child = 0;
      while (rank >= (inner.children[child] as TreeNode).live) rank -= (inner.children[child++] as TreeNode).live;
      node = inner.children[child] as TreeNode;
    }
    const leaf = node as Leaf;
    let at = 0;
    for (; ; at++) if ((leaf.entries[at] as KeyEntry).live && rank-- === 0) break;
    return leaf.keys[at] as string;
  }

  private descend(key: string): Leaf {
    let node = this.root;
    for (let level = 0; level < this.height; level++) {
      const inner = node as Inner;
      const child = childFor(inner.separators, key);
      this.path[level] = inner;
      this.taken[level] = child;
      node = inner.children[child] as TreeNode;
    }
    return node as Leaf;
  }

  private countOnPath(leaf: Leaf, change: number): void {
    leaf.live += change;
    for (let level = 0; level < this.height; level++) (this.path[level] as Inner).live += change;
  }

  private splitLeaf(leaf: Leaf, appended: boolean): void {
    // Keys that only grow leave full leaves behind.
    const from = appended && leaf.next === null ? leaf.keys.length - 1 : leaf.keys.length >>> 1;
    const right = new Leaf();
    right.keys = leaf.keys.slice(from);
    right.entries = leaf.entries.slice(from);
    right.next = leaf.next;
    leaf.keys = leaf.keys.slice(0, from);
    leaf.entries = leaf.entries.slice(0, from);
    leaf.next = right;
    right.live = liveOf(right);
    leaf.live -= right.live;
    this.addChild(this.height - 1, leaf, right.keys[0] as string, right);
  }

  /** `right` was split off `left`, a child of the path's node at `level`. */
  private addChild(level: number, left: TreeNode, separator: string, right: TreeNode): void {
    if (level < 0) {
      const root = new Inner();
      root.separators.push(separator);
      root.children.push(left, right);
      root.live = left.live + right.live;
      this.root = root;
      this.height++;
      return;
    }
    const inner = this.path[level] as Inner;
    const at = this.taken[level] as number;
    insertAt(inner.separators, at, separator);
    insertAt(inner.children, at + 1, right);
    if (inner.children.length <= capacity) return;
    const from = at + 2 === inner.children.length ? inner.children.length - 2 : inner.children.length >>> 1;
    const sibling = new Inner();
    sibling.children = inner.children.slice(from);
    sibling.separators = inner.separators.slice(from);
    const raised = inner.separators[from - 1] as string;
    inner.children.length = from;
    inner.separators.length = from - 1;
    for (const child of sibling.children) sibling.live += child.live;
    inner.live -= sibling.live;
    this.addChild(level - 1, inner, raised, sibling);
  }

  /** After a removal at the end of the path: merges nodes that became small with a neighbour where both fit into one. */
  private refill(): void {
    for (let level = this.height - 1; level >= 0; level--) {
      const parent = this.path[level] as Inner;
      const at = this.taken[level] as number;
      if (at > 0 && mergeChildren(parent, at - 1)) continue;
      if (at + 1 < parent.children.length && mergeChildren(parent, at)) continue;
      return;
    }
    while (this.height > 0 && (this.root as Inner).children.length === 1) {
      this.root = (this.root as Inner).children[0] as TreeNode;
      this.height--;
    }
  }
}

/** Merges children `at` and `at + 1`, where both fit into one. */
function mergeChildren(parent: Inner, at: number): boolean {
  const left = parent.children[at] as TreeNode;
  const right = parent.children[at + 1] as TreeNode;
  if (left instanceof Leaf && right instanceof Leaf) {
    if (!fitTogether(left.keys.length, right.keys.length)) return false;
    for (let i = 0; i < right.keys.length; i++) {
      left.keys.push(right.keys[i] as string);
      left.entries.push(right.entries[i] as KeyEntry);
    }
    left.next = right.next;
  } else if (left instanceof Inner && right instanceof Inner) {
    if (!fitTogether(left.children.length, right.children.length)) return false;
    left.separators.push(parent.separators[at] as string);
    for (const separator of right.separators) left.separators.push(separator);
    for (const child of right.children) left.children.push(child);
  }
  left.live += right.live;
  removeAt(parent.separators, at);
  removeAt(parent.children, at + 1);
  return true;
}

/** With room to spare, so that the next insertion does not split again; an empty one always goes. */
function fitTogether(left: number, right: number): boolean {
  return left + right <= roomy || left === 0 || right === 0;
}

function liveOf(leaf: Leaf): number {
  let live = 0;
  for (const entry of leaf.entries) if (entry.live) live++;
  return live;
}

/** The first position whose key is not below `key`. */
export function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The child below which `key` belongs. */
function childFor(separators: readonly string[], key: string): number {
  let low = 0;
  let high = separators.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((separators[middle] as string) <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insertAt<T>(list: T[], at: number, value: T): void {
  list.push(value);
  for (let i = list.length - 1; i > at; i--) list[i] = list[i - 1] as T;
  list[at] = value;
}

function removeAt(list: unknown[], at: number): void {
  for (let i = at + 1; i < list.length; i++) list[i - 1] = list[i];
  list.length--;
}
