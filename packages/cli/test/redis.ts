// Starts a redis-server on a free port, with persistence and a password.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

export const user = 'experimenter';
/** Contains characters that an address must escape. */
export const password = 's3cret/w:rd@home';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export class RedisServer {
  readonly port: number;
  readonly #flags: readonly string[];
  #child: ChildProcess | undefined;

  private constructor(port: number, flags: readonly string[]) {
    this.port = port;
    this.#flags = flags;
  }

  static async start(folder: string, certificate?: Certificate): Promise<RedisServer> {
    mkdirSync(folder, { recursive: true });
    const port = await freePort();
    const { cert, key } = certificate ?? {};
    const tls = cert && key && ['--port', '0', '--tls-port', `${port}`, '--tls-cert-file', cert, '--tls-key-file', key];
    const flags = [
      ...(tls ? [...tls, '--tls-auth-clients', 'no'] : ['--port', `${port}`]),
      ...['--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes', '--appendfsync', 'always'],
      ...['--user', user, 'on', `>${password}`, '~*', '&*', '+@all', '--user', 'default', 'off'],
    ];
    const server = new RedisServer(port, flags);
    await server.up();
    return server;
  }

  addressOf(database = 2): string {
    return `redis://${user}:${encodeURIComponent(password)}@127.0.0.1:${this.port}/${database}`;
  }

  async up(): Promise<void> {
    this.#child = spawn('redis-server', this.#flags, { stdio: 'ignore' });
    while (!(await answers(this.port))) await sleep(20);
  }

  /** Stops the server as a power failure would. */
  async down(): Promise<void> {
    const ended = new Promise((resolve) => this.#child?.on('close', resolve));
    this.#child?.kill('SIGKILL');
    await ended;
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
