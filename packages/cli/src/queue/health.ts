// How a queue is, for `descent doctor`.
import { readAddress } from './address.ts';
import { connect } from './connection.ts';
import { workersIn } from './worker-monitor.ts';

/** `Redis 7.0.15 at redis://127.0.0.1:6379, keeps what it holds, 2 workers with 4 threads`. @throws Exit where there is none */
export async function healthOf(typed: string): Promise<string> {
  const address = readAddress(typed);
  const redis = await connect(address);
  try {
    const info = factsIn(
      `${await redis.info('server')}\n${await redis.info('persistence')}\n${await redis.info('memory')}`,
    );
    const workers = await workersIn(redis);
    const threads = workers.reduce((sum, { jobs }) => sum + jobs, 0);
    const valkey = info.get('valkey_version');
    return [
      `${valkey ? `Valkey ${valkey}` : `Redis ${info.get('redis_version')}`} at ${address.shown}`,
      info.get('aof_enabled') === '1' ? 'keeps what it holds' : 'without --appendonly yes, so a restart forgets jobs',
      ...(info.get('maxmemory_policy') === 'noeviction' ? [] : ['may evict jobs: set maxmemory-policy noeviction']),
      workers.length === 0 ? 'no worker' : `${workers.length} workers with ${threads} threads`,
    ].join(', ');
  } finally {
    redis.disconnect();
  }
}

function factsIn(info: string): ReadonlyMap<string, string> {
  return new Map(info.split(/\r?\n/).map((line) => line.split(':') as [string, string]));
}
