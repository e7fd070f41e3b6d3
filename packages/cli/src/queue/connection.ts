// A connection to Redis or Valkey: refused with a reason at the start, patient ever after.
import { Redis } from 'ioredis';
import { Exit, exitCodes } from '../exit.ts';
import { log } from '../terminal/terminal.ts';
import type { QueueAddress } from './address.ts';
import { printable } from './messages.ts';

/** Milliseconds that a first connection may take. */
const PATIENCE = 5_000;

/**
 * A connection that works. When it is lost later, its commands wait until it is back.
 * @throws Exit that names the address, the reason and the command that starts a server
 */
export async function connect({ shown, options }: QueueAddress): Promise<Redis> {
  let isUp = false;
  const redis = new Redis({
    ...options,
    lazyConnect: true,
    connectTimeout: PATIENCE,
    // A socket that has never been open tells nobody that it is closed; this would keep the process.
    disconnectTimeout: 100,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (isUp ? Math.min(100 * times, 1_000) : null),
  });
  let reason: Error | undefined;
  const remember = (error: Error) => void (reason ??= error);
  redis.on('error', remember);
  try {
    await redis.connect();
    await redis.ping();
    // Redis goes on with database 0 where there is none of the number asked for.
    if (reason) throw reason;
  } catch (error) {
    redis.disconnect();
    throw noRedis(shown, explain(reason ?? error, options.password), options);
  }
  isUp = true;
  redis.off('error', remember);
  tellOfLoss(redis, shown);
  return redis;
}

/** One sentence when the connection is lost, one when it is back. */
function tellOfLoss(redis: Redis, shown: string): void {
  let isLost = false;
  redis.on('error', () => {});
  redis.on('close', () => {
    if (isLost || redis.status === 'end') return;
    isLost = true;
    log.note(`lost the connection to ${shown}; waiting until it is back`);
  });
  redis.on('ready', () => {
    if (isLost) log.note(`connected to ${shown} again`);
    isLost = false;
  });
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'there is no such host',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'the host cannot be reached',
};

/** What a server or the system said, without the password should it have been repeated. */
function explain(error: unknown, password = ''): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const [known] = Object.keys(reasons).filter((name) => name === code || message.includes(name));
  const text = known === undefined ? printable(message) : (reasons[known] as string);
  return password === '' ? text : text.replaceAll(password, '…');
}

const noRedis = (shown: string, reason: string, { host, port }: { host: string; port: number }) => {
  const isHere = ['127.0.0.1', 'localhost', '::1'].includes(host);
  const hint = /NOAUTH|WRONGPASS|NOPERM|AUTH/.test(reason)
    ? 'the address takes a name and a password: redis://name:password@host'
    : `redis-server --port ${port} --appendonly yes starts one${isHere ? '' : ` on ${host}`}`;
  return new Exit(exitCodes.fault, `no queue at ${shown}: ${reason}`, hint);
};
