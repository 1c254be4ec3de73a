/**
 * A connection of HTTP/2 to the first of some members that takes one. Nothing of a client's has been sent before, so
 * trying the next is always right.
 */
import { type ClientHttp2Session, connect } from 'node:http2';
import type { DialTls } from '../doors/tls-identity.js';

/** A member that has not taken the connection by then, TLS included, counts as gone. */
const CONNECT_TIMEOUT_MS = 2000;

export interface MemberSession {
  readonly session: ClientHttp2Session;
  readonly target: URL;
}

/** Null where none of them takes a connection. Never rejects. */
export async function dialFirst(targets: readonly URL[], tls: DialTls | undefined): Promise<MemberSession | null> {
  for (const target of targets) {
    const session = await dial(target, tls);
    if (session !== null) return { session, target };
  }
  return null;
}

function dial(target: URL, tls: DialTls | undefined): Promise<ClientHttp2Session | null> {
  return new Promise((resolve) => {
    const session = connect(target.origin, { ...tls, settings: { enablePush: false } });
    const timer = setTimeout(() => session.destroy(), CONNECT_TIMEOUT_MS);
    // What is wrong with it shows in its close, and in the close of its streams.
    session.on('error', () => undefined);
    session.once('close', () => {
      clearTimeout(timer);
      resolve(null);
    });
    session.once('connect', () => {
      clearTimeout(timer);
      resolve(session);
    });
  });
}
