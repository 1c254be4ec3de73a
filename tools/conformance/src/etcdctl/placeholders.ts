/**
 * Names for what differs from run to run, so that two sessions can be compared line by line: addresses, ids, times,
 * sizes. An id that first appears in an answer gets the next number, in hex and in decimal alike, so a transcript also
 * says where the same id comes back; and a later command may use it by its name.
 */

/** One whose name is known from the start. */
export interface Known {
  readonly name: string;
  readonly text: string;
}

/**
 * Longer than any hash, count or revision that is printed, and shorter than all but one id in a thousand million. After
 * a field's name it is decimal, elsewhere hex.
 */
const ID = /(?<decimal>(?<=":|" : )\d{12,20})(?!\w)|(?<![\w.])(?<hex>[0-9a-f]{11,16})(?![\w.])/g;

export class Placeholders {
  readonly #known: readonly Known[];
  readonly #ids = new Map<bigint, string>();
  /** The hex form of an id, by its name: what commands take. */
  readonly #texts = new Map<string, string>();
  #next = 1;

  /** @param ids ids by name, as numbers of 64 bits. */
  constructor(known: readonly Known[], ids: ReadonlyMap<string, bigint>) {
    // The longest first: one address may begin another.
    this.#known = [...known].sort((a, b) => b.text.length - a.text.length);
    for (const [name, id] of ids) this.#add(name, id);
  }

  /** In a command: names become what they stand for. Throws for one that nothing has shown yet. */
  expand(text: string): string {
    return text.replace(/<([\w.]+)>/g, (whole, name: string) => {
      const found = this.#known.find((known) => known.name === name)?.text ?? this.#texts.get(name);
      if (found === undefined) throw new Error(`nothing is called ${whole} yet`);
      return found;
    });
  }

  /** In an answer: what differs from run to run becomes names. */
  normalize(line: string): string {
    let text = line;
    for (const known of this.#known) text = text.replaceAll(known.text, `<${known.name}>`);
    text = text.replace(ID, (_, decimal?: string, hex?: string) => {
      return `<${this.#nameOf(decimal === undefined ? BigInt(`0x${hex}`) : BigInt(decimal))}>`;
    });
    for (const [pattern, name] of DIFFERENT) text = text.replace(pattern, name);
    // etcdctl lists members by their ids, which are random.
    if (text.includes('ETCD_INITIAL_CLUSTER=')) text = text.replace(/(?<=")[^"]*(?=")/, sortList);
    // Columns are as wide as what is in them.
    return /^[|+]/.test(text) ? text.replace(/-+/g, '-').replace(/ +/g, ' ') : text;
  }

  #nameOf(id: bigint): string {
    const known = this.#ids.get(id);
    if (known !== undefined) return known;
    const name = `id${this.#next}`;
    this.#next += 1;
    this.#add(name, id);
    return name;
  }

  #add(name: string, id: bigint): void {
    this.#ids.set(id, name);
    this.#texts.set(name, id.toString(16));
  }
}

/** What no two runs print alike. */
const DIFFERENT: readonly (readonly [RegExp, string])[] = [
  [/("raft_term":|"raftTerm":|"RaftTerm" : )\d+/g, '$1<term>'],
  [/("raft_?[iI]ndex":|"raft_?[aA]pplied_?[iI]ndex":|"Raft(?:Applied)?Index" : )\d+/g, '$1<index>'],
  [/("db_?[sS]ize(?:_?[iI]n_?[uU]se)?":|"DBSize(?:InUse)?" : )\d+/g, '$1<size>'],
  [/("[hH]ash":|"Hash" : )\d+/g, '$1<hash>'],
  [/^(<n\d>, )\d+$/, '$1<hash>'],
  [/("version":"|"Version" : ")[^"]+/g, '$1<version>'],
  // A line, and a row, of `endpoint status`.
  [/\b(\d+(?:\.\d+)?) [kM]?B\b/g, '<size>'],
  [/(?<=<[\w.]+>(?:, | \| +))\d+\.\d+\.\d+(?=,| )/g, '<version>'],
  [/((?:true|false), (?:true|false), )\d+, \d+, \d+, /g, '$1<term>, <index>, <index>, '],
  [/((?:true|false) \| +(?:true|false) \| +)\d+ \| +\d+ \| +\d+ /g, '$1<term> | <index> | <index> '],
  // What is left of ten minutes.
  [/("TTL" : |"ttl":|remaining\()(?:59\d|600)/g, '$1<ttl>'],
  // An id is padded to 16 digits.
  [/(?<=^Member|cluster) +(?=<)/g, ' '],
  // What `check` found out; two of its complaints have no FAIL before them.
  [
    /^(?:(?:PASS|FAIL): )?(Throughput|Slowest request|Stddev|Approximate system memory) (?:is|took|too|used)\b.*$/,
    '<verdict>: $1',
  ],
  [/^(?:PASS|FAIL)$/, '<verdict>'],
  [/took = \S+?(?=[,;]|$)/g, 'took = <time>'],
  [/("took":")[^"]*|("Took" : )\S+/g, '$1$2<time>'],
];

function sortList(text: string): string {
  return text.split(',').sort().join(',');
}
