/**
 * The end of a connection that has something to hear: what is written leaves first, and a client that neither reads
 * nor closes is cut, so that nobody holds a socket by being silent.
 */
import type { Duplex } from 'node:stream';

const LINGER_MS = 1000;

/** Sends `words`, then ends. What the client still sends is thrown away. */
export function endWith(socket: Duplex, words: string | Uint8Array): void {
  const cut = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(cut));
  // The answer is all that matters: whatever else goes wrong with this connection is its end too.
  socket.on('error', () => socket.destroy());
  socket.resume();
  socket.end(words);
}

/** An answer over HTTP/1.1 where there is no ServerResponse: upgrades, and what does not parse. */
export function httpWords(status: string, text: string, headers: Readonly<Record<string, string>> = {}): string {
  const body = `${text}\n`;
  const length = Buffer.byteLength(body);
  const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${length}\r\n${more.join('')}Connection: close\r\n\r\n${body}`;
}

/** HTTP/2's own words for a connection that is not served now: SETTINGS, then GOAWAY without an error. */
export function http2Words(text: string): Uint8Array {
  const debug = Buffer.from(text);
  const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
  const goaway = Buffer.alloc(17);
  goaway.writeUIntBE(8 + debug.length, 0, 3);
  goaway[3] = 0x7;
  return Buffer.concat([settings, goaway, debug]);
}
