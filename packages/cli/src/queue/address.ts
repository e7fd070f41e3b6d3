// Where a queue is, and how it is named to people: without its credentials.
import { isIP } from 'node:net';
import { usageError } from '../exit.ts';

export interface QueueAddress {
  /** `redis://host:6379/0`; nothing that is said or written holds more. */
  readonly shown: string;
  /** What a client of Redis needs, secrets among it. */
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
 * @param typed `redis://user:password@host:port/db`, or `rediss://` for TLS
 * @param env a password that is not in the address is taken from REDISCLI_AUTH, as redis-cli does
 * @throws Exit whose message does not repeat what was typed
 */
export function readAddress(typed: string, env: NodeJS.ProcessEnv = process.env): QueueAddress {
  const url = URL.canParse(typed) ? new URL(typed) : undefined;
  if (!url || !['redis:', 'rediss:'].includes(url.protocol) || url.search || url.hash) throw badQueue();
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1') || '127.0.0.1';
  const port = Number(url.port || 6379);
  const [, db] = /^\/?(\d{0,5})$/.exec(url.pathname) ?? [];
  if (db === undefined || port === 0) throw badQueue();
  const [username, password] = [decoded(url.username), decoded(url.password) || env.REDISCLI_AUTH];
  const tls = url.protocol === 'rediss:' && { tls: isIP(host) ? {} : { servername: host } };
  return {
    shown: `${url.protocol}//${isIP(host) === 6 ? `[${host}]` : host}:${port}${Number(db) > 0 ? `/${Number(db)}` : ''}`,
    options: { host, port, db: Number(db), ...(username && { username }), ...(password && { password }), ...tls },
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badQueue();
  }
}

const badQueue = () =>
  usageError(
    '--queue (or DESCENT_QUEUE) expects redis://[name:password@]host[:port][/db], or rediss:// for TLS',
    'in a password, write @ as %40, / as %2F and : as %3A',
  );
