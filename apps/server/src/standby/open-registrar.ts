/** The register's door: a path of the peer port, where machines are trusted as members are, and no user is asked for. */
import type { Policy } from '@understudy/membership';
import { StandbyService } from '@understudy/protocol';
import { HostGuard } from '../doors/host-guard.js';
import type { PeerBackend } from '../doors/peer-door.js';
import { RpcSockets } from '../doors/rpc-sockets.js';
import { Access } from '../services/auth/access.js';
import { Dispatcher } from '../services/dispatcher.js';
import type { Member } from '../services/member.js';
import { ServiceTableBuilder } from '../services/rpc.js';
import { Registrar } from './registrar.js';

export interface OpenRegistrar {
  readonly registrar: Registrar;
  readonly onUpgrade: PeerBackend['onUpgrade'];
  stop(): void;
}

const MAX_REPORT_BYTES = 64 * 1024;
/** Nobody is asked for a token here. */
const NO_TOKENS_MS = 0;

export function openRegistrar(member: Member, policy: () => Policy): OpenRegistrar {
  const registrar = new Registrar(member, policy);
  const table = new ServiceTableBuilder();
  table.addStream(StandbyService.methods.register, (sink) => registrar.open(sink));
  // Peers are reached by whatever name their URLs have; a web page has no business here.
  const guard = new HostGuard({ ownHosts: [], extraHosts: ['*'], origins: [] });
  const dispatcher = new Dispatcher(member, table, new Access(member, null, NO_TOKENS_MS));
  const sockets = new RpcSockets({ dispatcher, guard, member }, { maxRequestBytes: MAX_REPORT_BYTES });
  return {
    registrar,
    onUpgrade: (request, socket, head) => sockets.upgrade(request, socket, head),
    stop: () => {
      registrar.stop();
      sockets.close();
    },
  };
}
