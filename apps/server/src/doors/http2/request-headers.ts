/**
 * The header list of a request: checked as RFC 9113, section 8 demands, and bounded. The authority may hold anything:
 * clients of etcd send URLs and lists there, which stricter servers turn away.
 */
import { FIELD_OVERHEAD_BYTES } from './hpack-decoder.js';

export type HeaderMap = Readonly<Record<string, string | undefined>>;

const PSEUDO: ReadonlySet<string> = new Set([':method', ':scheme', ':path', ':authority']);
const OF_CONNECTIONS: ReadonlySet<string> = new Set([
  'connection',
  'proxy-connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);
const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
const BAD_VALUE = /[\0\r\n]/;
/** Names that were found good; clients use few. */
const goodNames = new Set<string>();
const MAX_GOOD_NAMES = 1000;

export class RequestHeaders {
  readonly map: Record<string, string | undefined> = Object.create(null);
  readonly #maxBytes: number;
  #bytes = 0;
  #regular = false;
  /** What is wrong; null: nothing. */
  malformed: string | null = null;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get tooLarge(): boolean {
    return this.#bytes > this.#maxBytes;
  }

  add(name: string, value: string): void {
    this.#bytes += name.length + value.length + FIELD_OVERHEAD_BYTES;
    if (this.tooLarge || this.malformed !== null) return;
    if (name.charCodeAt(0) === 0x3a) this.#addPseudo(name, value);
    else this.#addRegular(name, value);
  }

  /** To be called at the end of the list. */
  check(): void {
    if (this.malformed !== null || this.tooLarge) return;
    if (this.map[':method'] === undefined) this.malformed = 'no :method';
    else if (!this.map[':path']?.startsWith('/') && this.map[':path'] !== '*') this.malformed = 'no :path';
  }

  #addPseudo(name: string, value: string): void {
    if (this.#regular) this.malformed = `${name} after other fields`;
    else if (!PSEUDO.has(name)) this.malformed = 'an unknown pseudo-header';
    else if (this.map[name] !== undefined) this.malformed = `${name} twice`;
    else if (BAD_VALUE.test(value)) this.malformed = `a control character in ${name}`;
    else this.map[name] = value;
  }

  #addRegular(name: string, value: string): void {
    this.#regular = true;
    if (!isGoodName(name)) this.malformed = 'a bad name of a field';
    else if (BAD_VALUE.test(value)) this.malformed = `a control character in ${name}`;
    else if (OF_CONNECTIONS.has(name) || (name === 'te' && value !== 'trailers')) this.malformed = `a field ${name}`;
    else {
      const before = this.map[name];
      this.map[name] = before === undefined ? value : `${before}, ${value}`;
    }
  }
}

function isGoodName(name: string): boolean {
  if (goodNames.has(name)) return true;
  if (!NAME.test(name)) return false;
  if (goodNames.size < MAX_GOOD_NAMES && name.length < 100) goodNames.add(name);
  return true;
}
