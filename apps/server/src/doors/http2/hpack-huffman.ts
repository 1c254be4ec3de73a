/** HPACK's Huffman code (RFC 7541, appendix B). The code is canonical, so that the lengths of its words say all. */

const SYMBOLS = 257;
const END_OF_STRING = 256;
/** In bits, by symbol; runs of equal lengths as [length, count]. */
// biome-ignore format: a table
const LENGTH_RUNS: readonly (readonly [number, number])[] = [
  [13, 1], [23, 1], [28, 7], [24, 1], [30, 1], [28, 2], [30, 1], [28, 8], [30, 1], [28, 9], [6, 1], [10, 2], [12, 1],
  [13, 1], [6, 1], [8, 1], [11, 1], [10, 2], [8, 1], [11, 1], [8, 1], [6, 3], [5, 3], [6, 7], [7, 1], [8, 1], [15, 1],
  [6, 1], [12, 1], [10, 1], [13, 1], [6, 1], [7, 22], [8, 1], [7, 1], [8, 1], [13, 1], [19, 1], [13, 1], [14, 1],
  [6, 1], [15, 1], [5, 1], [6, 1], [5, 1], [6, 1], [5, 1], [6, 3], [5, 1], [7, 2], [6, 3], [5, 1], [6, 1], [7, 1],
  [6, 1], [5, 2], [6, 1], [7, 5], [15, 1], [11, 1], [14, 1], [13, 1], [28, 1], [20, 1], [22, 1], [20, 2], [22, 3],
  [23, 1], [22, 1], [23, 5], [24, 1], [23, 1], [24, 2], [22, 1], [23, 1], [24, 1], [23, 4], [21, 1], [22, 1], [23, 1],
  [22, 1], [23, 2], [24, 1], [22, 1], [21, 1], [20, 1], [22, 2], [23, 2], [21, 1], [23, 1], [22, 2], [24, 1], [21, 1],
  [22, 1], [23, 2], [21, 2], [22, 1], [21, 1], [23, 1], [22, 1], [23, 2], [20, 1], [22, 3], [23, 1], [22, 2], [23, 1],
  [26, 2], [20, 1], [19, 1], [22, 1], [23, 1], [22, 1], [25, 1], [26, 3], [27, 2], [26, 1], [24, 1], [25, 1], [19, 1],
  [21, 1], [26, 1], [27, 2], [26, 1], [27, 1], [24, 1], [21, 2], [26, 2], [28, 1], [27, 3], [20, 1], [24, 1], [20, 1],
  [21, 1], [22, 1], [21, 2], [23, 1], [22, 2], [25, 2], [24, 2], [26, 1], [23, 1], [26, 1], [27, 1], [26, 2], [27, 5],
  [28, 1], [27, 5], [26, 1], [30, 1],
];

/** A binary tree: two entries a node. Above 0 the next node; below 0 a symbol, as -1 - symbol; 0 is nothing. */
const tree: Int16Array = buildTree();

function buildTree(): Int16Array {
  const lengths = LENGTH_RUNS.flatMap(([length, count]) => Array<number>(count).fill(length));
  if (lengths.length !== SYMBOLS) throw new Error(`the Huffman table has ${lengths.length} symbols`);
  const order = lengths.map((_, symbol) => symbol);
  order.sort((a, b) => (lengths[a] as number) - (lengths[b] as number) || a - b);
  const nodes = new Int16Array(4 * SYMBOLS);
  let used = 1;
  let code = 0;
  let before = 0;
  for (const symbol of order) {
    const length = lengths[symbol] as number;
    code *= 2 ** (length - before);
    before = length;
    let node = 0;
    for (let bit = length - 1; bit >= 0; bit -= 1) {
      const at = 2 * node + (Math.floor(code / 2 ** bit) % 2);
      if (bit === 0) nodes[at] = -1 - symbol;
      else {
        if (nodes[at] === 0) {
          nodes[at] = used;
          used += 1;
        }
        node = nodes[at] as number;
      }
    }
    code += 1;
  }
  return nodes;
}

/** Each symbol has five bits at least. */
const HUFFMAN_GROWTH = 8 / 5;
let scratch = Buffer.allocUnsafeSlow(4096);

/** The text of bytes `start` to `end`, one character a byte; null where they are no Huffman string. */
export function decodeHuffman(bytes: Uint8Array, start: number, end: number): string | null {
  const room = Math.ceil((end - start) * HUFFMAN_GROWTH);
  if (room > scratch.length) scratch = Buffer.allocUnsafeSlow(2 * room);
  let node = 0;
  let length = 0;
  /** Bits since the last symbol, and whether all of them were ones: only those may be padding. */
  let pending = 0;
  let ones = true;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    for (let bit = 7; bit >= 0; bit -= 1) {
      const value = (byte >> bit) & 1;
      const next = tree[2 * node + value] as number;
      pending += 1;
      if (value === 0) ones = false;
      if (next > 0) node = next;
      else if (next === 0 || next === -1 - END_OF_STRING) return null;
      else {
        scratch[length] = -1 - next;
        length += 1;
        node = 0;
        pending = 0;
        ones = true;
      }
    }
  }
  return pending > 7 || !ones ? null : scratch.toString('latin1', 0, length);
}
