// The processes at a queue. Each describes itself in the name of its connection, and Redis lists the open connections.
import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import { log } from '../terminal/terminal.ts';
import { incompatibility } from './compatibility.ts';
import { MessageError, type Peer, parsePeer, printable } from './messages.ts';

const NAME = 'descent-peer:';

/** Describes this process. */
export const createPeer = (content: Pick<Peer, 'role' | 'jobs' | 'fit'>): Peer => ({
  ...content,
  host: printable(hostname()),
  pid: process.pid,
});

/** Names the connection of this process, also after a reconnect. */
export async function announce(redis: Redis, peer: Peer): Promise<void> {
  const name = `${NAME}${Buffer.from(JSON.stringify(peer)).toString('base64url')}`;
  redis.options.connectionName = name;
  await redis.client('SETNAME', name);
}

/** Lists the connected processes of a role. */
export async function listPeers(redis: Redis, role: Peer['role']): Promise<Peer[]> {
  const clients = String(await redis.client('LIST'));
  const names = new Set([...clients.matchAll(/ name=descent-peer:(\S+)/g)].map(([, name = '']) => name));
  return [...names].flatMap((name) => {
    try {
      const peer = parsePeer(Buffer.from(name, 'base64url').toString());
      return peer.role === role ? [peer] : [];
    } catch (error) {
      if (error instanceof MessageError) return [];
      throw error;
    }
  });
}

export const nameOf = ({ host, pid }: Pick<Peer, 'host' | 'pid'>) => `${host}:${pid}`;

/** Polls without a compatible worker after which a run asks for one. */
const POLLS_WITHOUT_WORKER = 2;

/** Reports incompatible processes of the other role, once each, and to a run that no worker is compatible. */
export class PeerMonitor {
  readonly #redis: Redis;
  readonly #own: Peer;
  readonly #address: string;
  readonly #reported = new Set<string>();
  #pollsWithoutWorker = 0;

  constructor(redis: Redis, own: Peer, address: string) {
    this.#redis = redis;
    this.#own = own;
    this.#address = address;
  }

  async poll(): Promise<void> {
    const role = this.#own.role === 'run' ? 'worker' : 'run';
    const peers = await listPeers(this.#redis, role);
    let compatible = 0;
    for (const peer of peers) {
      const reason = incompatibility(this.#own, peer);
      if (!reason) compatible++;
      else if (!this.#reported.has(nameOf(peer))) {
        this.#reported.add(nameOf(peer));
        log.note(`refused the ${role} ${nameOf(peer)}: ${reason}`);
      }
    }
    if (this.#own.role === 'run') this.#askForWorker(peers.length, compatible);
  }

  #askForWorker(workers: number, compatible: number): void {
    this.#pollsWithoutWorker = compatible === 0 ? this.#pollsWithoutWorker + 1 : 0;
    if (this.#pollsWithoutWorker !== POLLS_WITHOUT_WORKER) return;
    log.note(
      `waiting for a ${workers > 0 ? 'compatible ' : ''}worker at ${this.#address}`,
      `descent worker --queue ${this.#address} starts one, on this machine or another`,
    );
  }
}
