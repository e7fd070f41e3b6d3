// A redis-server of one's own: on a free port, in a scratch folder, with persistence and a password.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

export const user = 'experimenter';
/** With every letter that an address must write in another way. */
export const password = 's3cret/w:rd@home';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export class RedisServer {
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly flags: readonly string[],
  ) {}

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
    this.child = spawn('redis-server', this.flags, { stdio: 'ignore' });
    while (!(await answers(this.port))) await sleep(20);
  }

  /** As if its machine had lost power. */
  async down(): Promise<void> {
    const gone = new Promise((resolve) => this.child?.on('close', resolve));
    this.child?.kill('SIGKILL');
    await gone;
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
