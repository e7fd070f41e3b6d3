// descent bench experiments --queue: trials on threads and on a queue, with a worker that the bench starts.
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { announce } from '../src/queue/peers.ts';
import { scratch, spawnDescent } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';
import { hasRedis, password, RedisServer, user } from './redis.ts';

const cwd = scratch();
writeFiles(join(cwd, 'tiny'), goodFiles({ train: 500, test: 10 }));
const bench = 'bench experiments --quick --data tiny --only 784-10-10';

describe.skipIf(!hasRedis && !process.env.CI)('with a Redis', { timeout: 90_000 }, () => {
  let server: RedisServer;
  let redis: Redis;
  beforeAll(async () => {
    server = await RedisServer.start(join(cwd, 'redis'));
    redis = new Redis(server.port, '127.0.0.1', { username: user, password, db: 2 });
  });
  afterAll(async () => {
    redis.disconnect();
    await server.down();
  });

  test('bench measures trials with 1 and 2 jobs and the overhead of the queue, and removes its jobs', async () => {
    const { code, stdout, stderr } = await spawnDescent(`${bench} --queue ${server.addressOf()} --json`, { cwd });
    expect(code, stderr).toBe(0);
    const { rows } = JSON.parse(stdout);
    const names = rows.map(({ by, jobs }: Record<string, unknown>) => `${by} ${jobs}`);
    expect(names).toEqual(['threads 1', 'threads 2', 'queue 1', 'queue 2']);
    for (const { perSecond, medianUs, by, overheadMs } of rows) {
      expect(Math.min(perSecond, medianUs)).toBeGreaterThan(0);
      expect(typeof overheadMs).toBe(by === 'queue' ? 'number' : 'undefined');
    }
    expect(await redis.keys('descent:arms-*:????????????????-*')).toEqual([]);
    expect(stdout + stderr).not.toContain(user);
  });

  test('bench refuses a queue with other workers', async () => {
    const digest = '0'.repeat(64);
    const fit = { descent: '0', code: digest, variant: 'simd128' as const, data: { name: 'x', sha256: digest } };
    await announce(redis, { role: 'worker', host: 'elsewhere', pid: 1, jobs: 1, fit });
    const { code, stderr } = await spawnDescent(`${bench} --queue ${server.addressOf()}`, { cwd });
    expect(stderr).toMatch(/bench starts its own worker, but 1 worker is at redis:\/\/127[.\d:]+\/2/);
    expect(code).toBe(2);
  });
});

test('without --queue bench measures threads only', async () => {
  const { code, stdout } = await spawnDescent(bench, { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ {2}784-10-10 +threads +1 +[\d.]+ +[\d.]+/m);
  expect(stdout).toContain('--queue redis://… measures the same trials on a queue too');
});
