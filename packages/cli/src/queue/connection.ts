// Connections to Redis or Valkey: the first attempt fails with a reason, a lost connection is restored.
import { Redis } from 'ioredis';
import { Exit, exitCodes } from '../exit.ts';
import { log } from '../terminal/terminal.ts';
import type { QueueAddress } from './address.ts';
import { printable } from './messages.ts';

/** Milliseconds for the first connection. */
const CONNECT_MS = 5_000;

/**
 * Opens a connection. If it is lost later, its commands wait until it is restored.
 * @throws Exit with the address, the reason, and the command that starts a server
 */
export async function connect({ shown, options }: QueueAddress): Promise<Redis> {
  let isConnected = false;
  const redis = new Redis({
    ...options,
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    // A socket that was never open emits no close event and would keep the process alive.
    disconnectTimeout: 100,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (isConnected ? Math.min(100 * times, 1_000) : null),
  });
  let reason: Error | undefined;
  const onError = (error: Error) => void (reason ??= error);
  redis.on('error', onError);
  try {
    await redis.connect();
    await redis.ping();
    // Redis selects database 0 if the requested one does not exist.
    if (reason) throw reason;
  } catch (error) {
    redis.disconnect();
    throw cannotConnect(shown, explain(reason ?? error, options.password), options);
  }
  isConnected = true;
  redis.off('error', onError);
  reportLoss(redis, shown);
  return redis;
}

/** Logs when the connection is lost and restored. */
function reportLoss(redis: Redis, shown: string): void {
  let isLost = false;
  redis.on('error', () => {});
  redis.on('close', () => {
    if (isLost || redis.status === 'end') return;
    isLost = true;
    log.note(`lost the connection to ${shown}; waiting for it`);
  });
  redis.on('ready', () => {
    if (isLost) log.note(`connected to ${shown} again`);
    isLost = false;
  });
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'no server listens there',
  ENOTFOUND: 'the host does not exist',
  EAI_AGAIN: 'the host does not exist',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'the host cannot be reached',
};

/** Explains an error of the server or the system, without the password. */
function explain(error: unknown, password = ''): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const known = Object.keys(reasons).find((name) => name === code || message.includes(name));
  const text = known === undefined ? printable(message) : (reasons[known] as string);
  return password === '' ? text : text.replaceAll(password, '…');
}

function cannotConnect(shown: string, reason: string, { host, port }: QueueAddress['options']): Exit {
  const isLocal = ['127.0.0.1', 'localhost', '::1'].includes(host);
  const hint = /NOAUTH|WRONGPASS|NOPERM|AUTH/.test(reason)
    ? 'the address contains the name and password: redis://name:password@host'
    : `redis-server --port ${port} --appendonly yes starts a server${isLocal ? '' : ` on ${host}`}`;
  return new Exit(exitCodes.fault, `no queue at ${shown}: ${reason}`, hint);
}

/** Waits for a promise, but not longer than this; its errors are ignored. */
export async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const timeout = new Promise<void>((resolve) => setTimeout(resolve, milliseconds).unref());
  await Promise.race([work.catch(() => {}), timeout]);
}
