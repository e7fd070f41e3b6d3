// descent bench experiments --queue: the same trials on threads and by a queue, with a worker of the bench's own.
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { descent, scratch } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';
import { hasRedis, password, RedisServer, user } from './redis.ts';

const cwd = scratch();
writeFiles(join(cwd, 'tiny'), goodFiles({ train: 500, test: 10 }));
/** The small network; the book's takes longer and no other way. */
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
  const own = async () => (await redis.keys('descent:*')).filter((key) => !key.startsWith('descent:arms-'));

  test('trials a second with 1 and 2 jobs, and what the queue adds; nothing of it stays', async () => {
    const { code, stdout, stderr } = await descent(`${bench} --queue ${server.addressOf()} --json`, { cwd });
    expect(code, stderr).toBe(0);
    const { rows } = JSON.parse(stdout);
    const names = rows.map(({ by, jobs }: Record<string, unknown>) => `${by} ${jobs}`);
    expect(names).toEqual(['threads 1', 'threads 2', 'queue 1', 'queue 2']);
    for (const { perSecond, medianUs, by, overheadMs } of rows) {
      expect(Math.min(perSecond, medianUs)).toBeGreaterThan(0);
      expect(typeof overheadMs).toBe(by === 'queue' ? 'number' : 'undefined');
    }
    expect(await own()).toEqual([]);
    expect(stdout + stderr).not.toContain(user);
  });

  test('another worker at the queue would take part: refused', async () => {
    const fit = { descent: '0', code: '0'.repeat(64), variant: 'simd128', data: { name: 'x', sha256: '0'.repeat(64) } };
    const worker = { format: 'descent-worker/1', host: 'elsewhere', pid: 1, jobs: 1, fit };
    await redis.pipeline().sadd('descent:workers', 'x').set('descent:worker:x', JSON.stringify(worker)).exec();
    const ending = await descent(`${bench} --queue ${server.addressOf()}`, { cwd });
    expect(ending.stderr).toMatch(/bench starts a worker of its own, but one is at redis:\/\/127[.\d:]+\/2/);
    expect(ending.code).toBe(2);
    expect(ending.stderr).toContain('another database is another queue');
  });
});

test('without a queue: the rows of threads, and how to get the others', async () => {
  const { code, stdout } = await descent(`${bench}`, { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ {2}784-10-10 +threads +1 +[\d.]+ +[\d.]+/m);
  expect(stdout).toContain('--queue redis://… times the same trials by a queue');
});

test.each([
  ['bench kernels --queue redis://me:secret@host', 2, /--queue expects the suite experiments but got kernels/],
  ['bench experiments --queue me:secret@host', 2, /--queue .*expects redis:/],
  [
    'bench experiments --only trials --quick --queue redis://me:secret@127.0.0.1:9',
    1,
    /no queue at redis:\/\/127.0.0.1:9/,
  ],
])('%s is refused, and repeats no secret', async (command, expected, reason) => {
  const { code, stderr } = await descent(`${command} --data tiny`, { cwd });
  expect(stderr).toMatch(reason);
  expect(code).toBe(expected);
  expect(stderr).not.toContain('secret');
});
