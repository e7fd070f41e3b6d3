// The state of a queue, for `descent doctor`.
import { readAddress } from './address.ts';
import { connect } from './connection.ts';
import { listPeers } from './peers.ts';

/** Returns `Redis 7.0.15 at redis://127.0.0.1:6379, persistent, 2 workers with 4 threads`. @throws Exit if there is none */
export async function describeQueue(typed: string): Promise<string> {
  const address = readAddress(typed);
  const redis = await connect(address);
  try {
    const sections = await Promise.all(['server', 'persistence', 'memory'].map((name) => redis.info(name)));
    const info = new Map(
      sections.flatMap((text) => text.split(/\r?\n/).map((line) => line.split(':') as [string, string])),
    );
    const workers = await listPeers(redis, 'worker');
    const threads = workers.reduce((sum, { jobs }) => sum + jobs, 0);
    const valkey = info.get('valkey_version');
    return [
      `${valkey ? `Valkey ${valkey}` : `Redis ${info.get('redis_version')}`} at ${address.shown}`,
      info.get('aof_enabled') === '1' ? 'persistent' : 'without --appendonly yes, so a restart loses jobs',
      ...(info.get('maxmemory_policy') === 'noeviction' ? [] : ['may evict jobs: set maxmemory-policy noeviction']),
      workers.length === 0 ? 'no worker' : `${workers.length} workers with ${threads} threads`,
    ].join(', ');
  } finally {
    redis.disconnect();
  }
}
