// Runs on a queue give the record of `--jobs 1`, whatever happens to the processes and to Redis.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { until } from './descent.ts';
import { count, expectNoCredentials, isSkipped, LONG, QueueFixture, SHORT } from './queue-fixture.ts';
import { RedisServer } from './redis.ts';

const fixture = new QueueFixture([SHORT, LONG]);
const { cwd } = fixture;

describe.skipIf(isSkipped).concurrent('a queue', () => {
  test('continues after Redis restarts', async (context) => {
    const server = await RedisServer.start(join(cwd, 'restarting'));
    const queue = fixture.open(context, server);
    const worker = queue.work();
    const run = queue.coordinate('restarted', LONG);
    await until(() => / finished /.test(worker.said()));
    await server.down();
    await until(() => [run, worker].every(({ said }) => /lost the connection/.test(said())));
    await server.up();
    fixture.expectSame(await run.whenEnded, 'restarted', LONG);
    expect(run.said()).toMatch(/connected to redis:\/\/127\.0\.0\.1:\d+\/\d+ again/);
    await server.down();
  });

  test('distributes arms over three workers and removes all jobs; Ctrl-C ends a worker with code 0', async (context) => {
    const queue = fixture.open(context);
    const workers = [queue.work(), queue.work(), queue.work()];
    fixture.expectSame(await queue.coordinate('three', SHORT).whenEnded, 'three', SHORT);
    for (const name of readdirSync(join(cwd, `local-${SHORT}`, 'checkpoints'))) {
      const [local, remote] = [`local-${SHORT}`, 'three'].map((f) => readFileSync(join(cwd, f, 'checkpoints', name)));
      expect(remote?.equals(local as Buffer), name).toBe(true);
    }
    expect(await queue.jobs()).toEqual([]);
    expect(count(workers.map(({ said }) => said()).join(''), /trial \d+ {2}finished/)).toBe(5);
    for (const { child } of workers) child.kill('SIGINT');
    for (const { whenEnded } of workers) expect((await whenEnded).code).toBe(0);
  });

  // sweep.test.ts tries every option without a queue.
  test('accepts options at their maximum', async (context) => {
    const queue = fixture.open(context);
    const run =
      'run optimizer_compare_mnist --data tiny --steps 3 --batch-size 4096 --hidden-sizes 1x32 --quiet --json';
    queue.work();
    const ends = await Promise.all(
      ['--jobs 1', `--queue ${queue.address}`].map((flags) => queue.launch(`${run} ${flags}`).whenEnded),
    );
    for (const { code, stderr } of ends) expect(code, stderr).toBe(0);
    expect(new Set(ends.map(({ stdout }) => JSON.parse(stdout).digest)).size).toBe(1);
  });

  test('gives the arm of a killed worker to another worker', async (context) => {
    const queue = fixture.open(context);
    const [first, second] = [queue.work('--data tiny', 1), queue.work('--data tiny', 1)];
    const run = queue.coordinate('killed-worker', LONG);
    await until(() => / finished /.test(first.said()));
    await sleep(100);
    first.child.kill('SIGKILL');
    fixture.expectSame(await run.whenEnded, 'killed-worker', LONG);
    expect(second.said()).toMatch(/ finished /);
  });

  test('keeps results for a killed run, which repeats nothing when it is resumed', async (context) => {
    const queue = fixture.open(context);
    const run = queue.coordinate('killed-run', LONG);
    const worker = queue.work();
    await until(() => fixture.countArms('killed-run') >= 2);
    run.child.kill('SIGKILL');
    await run.whenEnded;
    await until(() => count(worker.said(), / finished /) >= 4);
    fixture.expectSame(await queue.resume('killed-run').whenEnded, 'killed-run', LONG);
    expect(count(worker.said(), / finished /)).toBe(5);
  });

  test('is empty after Ctrl-C in the run, which exits with code 130 and can be resumed', async (context) => {
    const queue = fixture.open(context);
    const worker = queue.work();
    const run = queue.coordinate('interrupted', LONG);
    await until(() => / finished /.test(worker.said()));
    await sleep(100);
    run.child.kill('SIGINT');
    const { code, stderr } = await run.whenEnded;
    expect(code, stderr).toBe(130);
    expect(await queue.jobs()).toEqual([]);
    expect(fixture.readRecord('interrupted')).toContain('"interrupted"');
    fixture.expectSame(await queue.resume('interrupted').whenEnded, 'interrupted', LONG);
  });

  test('gives the arms of a worker to another after Ctrl-C in the worker', async (context) => {
    const queue = fixture.open(context);
    const first = queue.work();
    const run = queue.coordinate('returned', LONG);
    await until(() => / finished /.test(first.said()));
    await sleep(100);
    first.child.kill('SIGTERM');
    expect((await first.whenEnded).code).toBe(0);
    queue.work();
    fixture.expectSame(await run.whenEnded, 'returned', LONG);
    expect(first.said()).toMatch(/ returned to the queue /);
  });

  test('receives the jobs again after Redis lost its data', async (context) => {
    const queue = fixture.open(context);
    const { run } = await queue.enqueue('lost');
    await queue.redis.flushdb();
    await until(async () => (await queue.jobs()).length === 5);
    queue.work();
    fixture.expectSame(await run.whenEnded, 'lost', SHORT);
  });

  test('separates two runs, which share workers; verify --queue replays a record', async (context) => {
    const queue = fixture.open(context);
    queue.work();
    queue.work();
    const [first, second] = [queue.coordinate('at-once-1', SHORT), queue.coordinate('at-once-2', SHORT)];
    fixture.expectSame(await first.whenEnded, 'at-once-1', SHORT);
    fixture.expectSame(await second.whenEnded, 'at-once-2', SHORT);
    const replay = await queue.launch(`verify at-once-1/run.json --data tiny --queue ${queue.address}`).whenEnded;
    expect(replay.code, replay.stderr).toBe(0);
  });
});

test.skipIf(isSkipped)('no output and no file contains credentials', () => {
  const files = readdirSync(cwd, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const written = files
    .filter(({ parentPath }) => !/redis|restarting/.test(parentPath))
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'));
  expect(fixture.outputs.length).toBeGreaterThan(20);
  expectNoCredentials([...fixture.outputs, ...written]);
});
