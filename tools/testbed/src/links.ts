/**
 * The network between members, which a test cuts and heals: one proxy stands before each member's peer port, so that
 * neither root nor other flags are needed than the advertised URL. Who dialled is told by whose process owns the other end
 * of the connection, in Linux' /proc; what is said is never looked at. A cut takes bytes and keeps them: nobody is told
 * that a connection ended, as when a cable is pulled.
 *
 * Two things differ from a real network. A cut one way holds up data that way and nothing else, where lost packets would in
 * the end stop the acknowledgements too. And a dead process's port is still answered here, so a member never learns by a
 * refused dial that another is gone: it is silence that tells.
 */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { freePorts } from './free-ports.js';
import { Link, type Passage } from './link.js';
import { ownerOfPort } from './socket-owner.js';

/** A member, as far as the network is concerned. */
export interface LinkedMember {
  readonly name: string;
  /** Null while it does not run. */
  readonly pid: number | null;
}

interface Door {
  readonly server: Server;
  readonly links: Set<Link>;
}

export class Links {
  readonly #members = new Map<string, () => LinkedMember>();
  readonly #doors: Door[] = [];
  /** `from>to` of every direction that is cut, and of those that are slow how slow. */
  readonly #cut = new Set<string>();
  readonly #slow = new Map<string, number>();

  /** Stands before the peer port of the member called `name`; resolves to the port that others dial. */
  async before(name: string, peerPort: number): Promise<number> {
    const [port] = (await freePorts(1)) as [number];
    const door: Door = { server: createServer({ allowHalfOpen: true, pauseOnConnect: true }), links: new Set() };
    door.server.on('connection', (socket) => void this.#onDial(door, name, peerPort, socket));
    this.#doors.push(door);
    door.server.listen(port, '127.0.0.1');
    await once(door.server, 'listening');
    return port;
  }

  /** Says who the member is whose port that is, whenever it is asked. */
  know(name: string, member: () => LinkedMember): void {
    this.#members.set(name, member);
  }

  /** Nothing that `from` sends reaches `to` any more; the other way it goes on. */
  cut(from: string, to: string): void {
    this.#set(from, to, true);
  }

  heal(from: string, to: string): void {
    this.#set(from, to, false);
  }

  /** Cuts both ways between members of different groups, and heals between those of one; who is in none is left alone. */
  partition(...groups: readonly (readonly string[])[]): void {
    for (const [at, group] of groups.entries()) {
      for (const [other, members] of groups.entries()) {
        for (const from of group) {
          for (const to of members) if (from !== to) this.#set(from, to, at !== other);
        }
      }
    }
  }

  /** What `from` sends reaches `to` at this rate, on each connection. */
  slow(from: string, to: string, bytesPerSecond: number): void {
    this.#refuseUnknown(from, to);
    this.#slow.set(way(from, to), bytesPerSecond);
    this.#update();
  }

  /** Nothing is cut or slow any more. */
  healAll(): void {
    this.#cut.clear();
    this.#slow.clear();
    this.#update();
  }

  async close(): Promise<void> {
    for (const { links } of this.#doors) for (const link of links) link.destroy();
    await Promise.all(this.#doors.map(({ server }) => new Promise((resolve) => server.close(resolve))));
  }

  #set(from: string, to: string, cut: boolean): void {
    this.#refuseUnknown(from, to);
    if (cut) this.#cut.add(way(from, to));
    else this.#cut.delete(way(from, to));
    this.#update();
  }

  #refuseUnknown(...names: readonly string[]): void {
    for (const name of names) if (!this.#members.has(name)) throw new Error(`no member ${name}`);
  }

  #update(): void {
    for (const { links } of this.#doors) {
      for (const link of links) this.#tell(link);
    }
  }

  #tell(link: Link): void {
    link.update(this.#passage(link.dialler, link.to), this.#passage(link.to, link.dialler));
  }

  #passage(from: string, to: string): Passage {
    const name = way(from, to);
    return { cut: this.#cut.has(name), bytesPerSecond: this.#slow.get(name) ?? Number.POSITIVE_INFINITY };
  }

  async #onDial(door: Door, to: string, peerPort: number, socket: Socket): Promise<void> {
    socket.on('error', () => socket.destroy());
    const members = [...this.#members.values()].map((member) => member());
    const pids = members.flatMap(({ pid }) => (pid === null ? [] : [pid]));
    const pid = await ownerOfPort(socket.remotePort ?? 0, pids);
    const dialler = members.find((member) => member.pid === pid)?.name ?? '';
    if (socket.destroyed) return;
    const link = new Link(socket, { dialler, to, peerPort });
    door.links.add(link);
    link.once('closed', () => door.links.delete(link));
    this.#tell(link);
  }
}

function way(from: string, to: string): string {
  return `${from}>${to}`;
}
