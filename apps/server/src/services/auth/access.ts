/**
 * Who calls, and whether it may: the edge's half of authorization. The other half is at apply, by the same rules. While
 * authentication is off, nobody is asked and tokens are not looked at.
 */
import type { Caller } from '@understudy/mvcc';
import { etcdErrors, KVService, type MethodDescriptor, type RpcError } from '@understudy/protocol';
import { authorize } from '../../state/authorize.js';
import { failure, refused } from '../failures.js';
import type { Member } from '../member.js';
import type { Call } from '../rpc.js';
import type { Jwt } from './jwt.js';
import { indexOfToken, SimpleTokens } from './simple-tokens.js';

/** How long a token is waited for that another member has given out and this one has not heard of. */
const TOKEN_WAIT_MS = 5000;

export class Access {
  readonly #member: Pick<Member, 'state' | 'readBarrier'>;
  /** Null: tokens are simple. */
  readonly jwt: Jwt | null;
  readonly tokens: SimpleTokens;

  constructor(member: Pick<Member, 'state' | 'readBarrier'>, jwt: Jwt | null, tokenTtlMs: number) {
    this.#member = member;
    this.jwt = jwt;
    this.tokens = new SimpleTokens(tokenTtlMs);
    member.state.on('token', (grant) => this.tokens.granted(grant, performance.now()));
  }

  get #auth() {
    return this.#member.state.mvcc.auth;
  }

  /**
   * Who makes this call: at once where this member knows, else once it has caught up. Null: the call does not say, or
   * nobody asks. Throws (or rejects with) `invalid auth token`.
   */
  identify(call: Call): Caller | null | Promise<Caller | null> {
    if (!this.#auth.enabled) return null;
    if (call.token === undefined || call.token === '') {
      return call.commonName === undefined ? null : this.#provenNow(call.commonName);
    }
    const token = call.token.replace(/^Bearer /i, '');
    if (this.jwt !== null) return this.#fromJwt(this.jwt, token);
    return this.#fromSimple(token) ?? this.#whenHeardOf(token);
  }

  /**
   * For calls that outlive a question: fills in `call.identity` where that is not known. Null: it is known now. Throws,
   * or rejects with, `invalid auth token`.
   */
  identifyOnce(call: Call): Promise<void> | null {
    if (!this.#auth.enabled || call.identity != null) return null;
    const identified = this.identify(call);
    if (identified instanceof Promise) {
      return identified.then((identity) => {
        call.identity = identity;
      });
    }
    call.identity = identified;
    return null;
  }

  /** Why a watch may not go on, by the users and roles of now, whatever became of the proof that it began with. */
  refusalOfWatch(request: object, call: Call): RpcError | null {
    const identity = call.identity == null ? null : this.#provenNow(call.identity.user);
    const reason = authorize(this.#member.state.mvcc, KVService.methods.range.permission, request, identity);
    return reason === null ? null : refused(reason);
  }

  /** Throws an RpcError where the caller may not; `call.identity` is what `identify` found out. */
  check(method: Pick<MethodDescriptor, 'permission'>, request: object, call: Call): void {
    const { mvcc } = this.#member.state;
    const identity = call.identity ?? null;
    const caller = identity?.lasting === true ? this.#provenNow(identity.user) : identity;
    const reason = authorize(mvcc, method.permission, request, caller);
    if (reason !== null) throw refused(reason);
  }

  #fromJwt(jwt: Jwt, token: string): Caller {
    const claims = jwt.verify(token, Date.now());
    if (claims === null) throw failure(etcdErrors.invalidAuthToken);
    return { user: claims.username, revision: claims.revision, lasting: false };
  }

  #fromSimple(token: string): Caller | null {
    const user = this.tokens.userOf(token, this.#auth, performance.now());
    return user === null ? null : this.#provenNow(user);
  }

  async #whenHeardOf(token: string): Promise<Caller | null> {
    if (indexOfToken(token) > this.#member.state.applied.index) {
      await this.#member.readBarrier({ raw: null, timeoutMs: TOKEN_WAIT_MS });
      const identity = this.#fromSimple(token);
      if (identity !== null) return identity;
    }
    throw failure(etcdErrors.invalidAuthToken);
  }

  #provenNow(user: string): Caller {
    return { user, revision: this.#auth.revision, lasting: true };
  }
}
