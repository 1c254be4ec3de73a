/**
 * Half-open key intervals, each with what hangs on it, found by a key inside: a treap ordered by interval, each node
 * knowing the largest end below it. Priorities come from a counter run through a mixing function: the same calls give
 * the same tree.
 */
import { mix32 } from './records-sum.js';

class IntervalNode<T> {
  left: IntervalNode<T> | null = null;
  right: IntervalNode<T> | null = null;
  /** The largest `to` in this subtree. */
  maxTo: string;
  readonly items = new Set<T>();

  constructor(
    readonly from: string,
    readonly to: string,
    /** At least those of its children. */
    readonly priority: number,
  ) {
    this.maxTo = to;
  }
}

type Node<T> = IntervalNode<T> | null;

export class IntervalTree<T> {
  private root: Node<T> = null;
  private made = 0;

  add(from: string, to: string, item: T): void {
    const node = this.find(from, to);
    if (node !== null) {
      node.items.add(item);
      return;
    }
    const added = new IntervalNode<T>(from, to, mix32(++this.made));
    added.items.add(item);
    this.root = insert(this.root, added);
  }

  remove(from: string, to: string, item: T): void {
    const node = this.find(from, to);
    if (node === null) return;
    node.items.delete(item);
    if (node.items.size === 0) this.root = remove(this.root, node);
  }

  /** Appends every item whose interval contains `key`. */
  collect(key: string, found: T[]): void {
    collect(this.root, key, found);
  }

  private find(from: string, to: string): Node<T> {
    let node = this.root;
    while (node !== null) {
      const order = compare(from, to, node);
      if (order === 0) return node;
      node = order < 0 ? node.left : node.right;
    }
    return null;
  }
}

function collect<T>(start: Node<T>, key: string, found: T[]): void {
  let node = start;
  while (node !== null && node.maxTo > key) {
    collect(node.left, key, found);
    if (node.from > key) return;
    if (key < node.to) for (const item of node.items) found.push(item);
    node = node.right;
  }
}

function compare<T>(from: string, to: string, node: IntervalNode<T>): number {
  if (from !== node.from) return from < node.from ? -1 : 1;
  if (to !== node.to) return to < node.to ? -1 : 1;
  return 0;
}

function insert<T>(root: Node<T>, added: IntervalNode<T>): IntervalNode<T> {
  if (root === null) return added;
  if (compare(added.from, added.to, root) < 0) {
    root.left = insert(root.left, added);
    return root.left.priority > root.priority ? rotateRight(root, root.left) : refresh(root);
  }
  root.right = insert(root.right, added);
  return root.right.priority > root.priority ? rotateLeft(root, root.right) : refresh(root);
}

function remove<T>(root: Node<T>, target: IntervalNode<T>): Node<T> {
  if (root === null) return null;
  if (root === target) return merge(root.left, root.right);
  if (compare(target.from, target.to, root) < 0) root.left = remove(root.left, target);
  else root.right = remove(root.right, target);
  return refresh(root);
}

/** Everything in `left` comes before everything in `right`. */
function merge<T>(left: Node<T>, right: Node<T>): Node<T> {
  if (left === null) return right;
  if (right === null) return left;
  if (left.priority >= right.priority) {
    left.right = merge(left.right, right);
    return refresh(left);
  }
  right.left = merge(left, right.left);
  return refresh(right);
}

function rotateRight<T>(root: IntervalNode<T>, left: IntervalNode<T>): IntervalNode<T> {
  root.left = left.right;
  left.right = refresh(root);
  return refresh(left);
}

function rotateLeft<T>(root: IntervalNode<T>, right: IntervalNode<T>): IntervalNode<T> {
  root.right = right.left;
  right.left = refresh(root);
  return refresh(right);
}

function refresh<T>(node: IntervalNode<T>): IntervalNode<T> {
  let maxTo = node.to;
  if (node.left !== null && node.left.maxTo > maxTo) maxTo = node.left.maxTo;
  if (node.right !== null && node.right.maxTo > maxTo) maxTo = node.right.maxTo;
  node.maxTo = maxTo;
  return node;
}
