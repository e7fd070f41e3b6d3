// The address of a queue, and how it is shown: without its credentials.
import { isIP } from 'node:net';
import { usageError } from '../exit.ts';

export interface QueueAddress {
  /** `redis://host:6379/0`, for messages and files. */
  readonly shown: string;
  /** Options of the Redis client, with the password. */
  readonly options: {
    readonly host: string;
    readonly port: number;
    readonly db: number;
    readonly username?: string;
    readonly password?: string;
    readonly tls?: { readonly servername?: string };
  };
}

/**
 * Parses `redis://user:password@host:port/db`, or `rediss://` for TLS.
 * @param env a missing password is read from REDISCLI_AUTH, as redis-cli does
 * @throws Exit whose message does not repeat the address
 */
export function readAddress(typed: string, env: NodeJS.ProcessEnv = process.env): QueueAddress {
  const url = URL.canParse(typed) ? new URL(typed) : undefined;
  if (!url || !['redis:', 'rediss:'].includes(url.protocol) || url.search || url.hash) throw invalidAddress();
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1') || '127.0.0.1';
  const port = Number(url.port || 6379);
  const [, db] = /^\/?(\d{0,5})$/.exec(url.pathname) ?? [];
  if (db === undefined || port === 0) throw invalidAddress();
  const [username, password] = [decode(url.username), decode(url.password) || env.REDISCLI_AUTH];
  const tls = url.protocol === 'rediss:' && { tls: isIP(host) ? {} : { servername: host } };
  return {
    shown: `${url.protocol}//${isIP(host) === 6 ? `[${host}]` : host}:${port}${Number(db) > 0 ? `/${Number(db)}` : ''}`,
    options: { host, port, db: Number(db), ...(username && { username }), ...(password && { password }), ...tls },
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidAddress();
  }
}

const invalidAddress = () =>
  usageError(
    '--queue (or DESCENT_QUEUE) expects redis://[name:password@]host[:port][/db], or rediss:// for TLS',
    'characters such as @ / : in a password are written %40 %2F %3A',
  );
