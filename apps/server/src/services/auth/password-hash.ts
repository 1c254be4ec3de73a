/**
 * Passwords as slow hashes (scrypt), made and compared off the event loop. Only so many at a time: a hash costs a thread
 * of the pool that disk writes need too, and guessing passwords must not be fast.
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { etcdErrors } from '@understudy/protocol';
import { failure } from '../failures.js';

/** scrypt's own parameters. */
export interface HashCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** 16 MiB of memory, some 150 ms of one core. */
const COST: HashCost = { N: 2 ** 14, r: 8, p: 5 };
const MAX_MEMORY_BYTES = 256 * 1024 * 1024;
const HASH_BYTES = 32;
const SALT_BYTES = 16;
/** Half of the threads that Node's pool has. */
const MAX_RUNNING = 2;
/** Who comes when so many wait is sent away: some five seconds of waiting. */
const MAX_WAITING = 64;

export class PasswordHash {
  readonly #cost: HashCost;
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  /** What is compared where there is no such user, so that its absence takes as long. */
  #nobody: Promise<string> | null = null;

  /** `cost` is that of new hashes; those that are stored have their own. */
  constructor(cost: HashCost = COST) {
    this.#cost = cost;
  }

  /** `scrypt$N$r$p$salt$hash`, the last two in base64. */
  async of(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const hash = await this.#run(password, salt, this.#cost, HASH_BYTES);
    const { N, r, p } = this.#cost;
    return ['scrypt', N, r, p, salt.toString('base64'), hash.toString('base64')].join('$');
  }

  /** `stored` undefined: there is no such user; false, after as long as for one. */
  async matches(password: string, stored: string | undefined): Promise<boolean> {
    if (stored === undefined) this.#nobody ??= this.of('');
    const [scheme, N, r, p, salt = '', hash = ''] = (stored ?? (await (this.#nobody as Promise<string>))).split('$');
    if (scheme !== 'scrypt') return false;
    const expected = Buffer.from(hash, 'base64');
    const cost = { N: Number(N), r: Number(r), p: Number(p) };
    const given = await this.#run(password, Buffer.from(salt, 'base64'), cost, expected.length);
    return timingSafeEqual(given, expected) && stored !== undefined;
  }

  /** Throws an RpcError where too many wait. */
  async #run(password: string, salt: Buffer, cost: HashCost, bytes: number): Promise<Buffer> {
    if (this.#running >= MAX_RUNNING) {
      if (this.#waiting.length >= MAX_WAITING) throw failure(etcdErrors.tooManyRequests);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await new Promise<Buffer>((resolve, reject) => {
        scrypt(password, salt, bytes, { ...cost, maxmem: MAX_MEMORY_BYTES }, (error, hash) =>
          error === null ? resolve(hash) : reject(error),
        );
      });
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
