/**
 * What a configuration needs and no flag says: peers that DNS names, and the address by which this machine is seen from
 * the cluster that it is to take part in.
 */
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import type { GivenFlags } from '../config/command-line.js';
import { discoverPeers } from './srv-discovery.js';

export interface Surroundings {
  /** Peer URLs that `--discovery-srv` led to, in their order; they stand for `--join` then. */
  readonly peers: readonly string[];
  /** As it is written in a URL; null where it does not matter or cannot be told. */
  readonly ownHost: string | null;
}

export const NOTHING_AROUND: Surroundings = { peers: [], ownHost: null };

/** Throws ConfigError where `--discovery-srv` leads nowhere. */
export async function lookAround(flags: GivenFlags): Promise<Surroundings> {
  const peers = await discoverPeers(flags);
  const [first] = peers.length > 0 ? peers : (flags.text('join') ?? '').split(',');
  return { peers, ownHost: await ownHostTowards(first ?? '') };
}

/** The system says by which of its addresses it would send; nothing is sent. */
export async function ownHostTowards(url: string): Promise<string | null> {
  if (!URL.canParse(url)) return null;
  const { hostname, port } = new URL(url);
  try {
    const { address, family } = await lookup(hostname.replace(/^\[|\]$/g, ''));
    const own = await sendingAddress(address, family, Number(port || 80));
    return isIPv6(own) ? `[${own}]` : own;
  } catch {
    // No such host, or no way there: whoever needs the answer says so himself.
    return null;
  }
}

function sendingAddress(address: string, family: number, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.connect(port, address, () => {
      resolve(socket.address().address);
      socket.close();
    });
  });
}
