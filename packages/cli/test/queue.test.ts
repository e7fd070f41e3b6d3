// Arms on other machines: the table of --jobs 1, and that it survives what can happen to any of the parts.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { brief, count, expectNoCredentials, House, isLeftOut, long, until } from './queue-stage.ts';
import { RedisServer } from './redis.ts';

const house = new House([brief, long]);
const { cwd } = house;

describe.skipIf(isLeftOut).concurrent('with a Redis', () => {
  test('Redis gone and back: everybody waits, says so, and goes on', async (context) => {
    const server = await RedisServer.start(join(cwd, 'mortal'));
    const stage = house.stage(context, server);
    const worker = stage.work();
    const run = stage.coordinate('restarted', long);
    await until(() => / finished /.test(worker.said()));
    await server.down();
    await until(() => /lost the connection/.test(run.said()) && /lost the connection/.test(worker.said()));
    await server.up();
    stage.expectSame(await run.whenEnded, 'restarted', long);
    expect(run.said()).toMatch(/connected to redis:\/\/127\.0\.0\.1:\d+\/\d+ again/);
    await server.down();
  });

  test('three workers: the table of --jobs 1, nothing left behind, Ctrl-C ends a worker in order', async (context) => {
    const stage = house.stage(context);
    const crew = [stage.work(), stage.work(), stage.work()];
    stage.expectSame(await stage.coordinate('three', brief).whenEnded, 'three', brief);
    for (const name of readdirSync(join(cwd, `local-${brief}`, 'checkpoints'))) {
      const files = [`local-${brief}`, 'three'].map((folder) => readFileSync(join(cwd, folder, 'checkpoints', name)));
      expect(files[1]?.equals(files[0] as Buffer), name).toBe(true);
    }
    expect(await stage.jobs()).toEqual([]);
    expect(await stage.keys('run*')).toEqual([]);
    expect(count(crew.map(({ said }) => said()).join(''), /trial \d+ {2}finished/)).toBe(5);
    for (const { child } of crew) child.kill('SIGINT');
    for (const { whenEnded } of crew) expect((await whenEnded).code).toBe(0);
    expect(await stage.keys('worker*')).toEqual([]);
  });

  // Without a queue every option is tried: sweep.test.ts.
  test.for([
    'optimizer_compare_mnist --steps 3 --batch-size 4096 --test-samples 100',
    'hyperparameter_optimization --trials 1 --epochs 1 --hidden-sizes 1024x3',
  ])('options at their maximum, to the record of --jobs 1: %s', async (run, context) => {
    const stage = house.stage(context);
    const folder = run.replace(/ .*/, '');
    stage.work('');
    const ends = await Promise.all(
      [`--jobs 1 --out ${folder}`, `--queue ${stage.address} --out ${folder}-queue`].map(
        (where) => stage.launch(`run ${run} --quiet ${where}`).whenEnded,
      ),
    );
    for (const { code, stderr } of ends) expect(code, stderr).toBe(0);
    expect(house.resultIn(`${folder}-queue`)).toBe(house.resultIn(folder));
  });

  test('a worker killed in mid-trial: its arm goes to another', async (context) => {
    const stage = house.stage(context);
    const [first, second] = [stage.work('--data tiny', 1), stage.work('--data tiny', 1)];
    const run = stage.coordinate('killed-worker', long);
    await until(() => / finished /.test(first.said()));
    await sleep(100);
    first.child.kill('SIGKILL');
    stage.expectSame(await run.whenEnded, 'killed-worker', long);
    expect(second.said()).toMatch(/ finished /);
  });

  test('a coordinator killed and resumed: what was done meanwhile is kept, what finished is not done again', async (context) => {
    const stage = house.stage(context);
    const run = stage.coordinate('killed-coordinator', long);
    const journal = join(cwd, 'killed-coordinator', 'journal.jsonl');
    const worker = stage.work();
    await until(() => existsSync(journal) && count(readFileSync(journal, 'utf8'), /"kind":"arm"/) >= 2);
    run.child.kill('SIGKILL');
    await run.whenEnded;
    await until(() => count(worker.said(), / finished /) >= 4);
    stage.expectSame(await stage.resume('killed-coordinator').whenEnded, 'killed-coordinator', long);
    expect(count(worker.said(), / finished /)).toBe(5);
  });

  test('Ctrl-C: 130, nothing of it stays in the queue, the worker stays; resumed it comes to the same', async (context) => {
    const stage = house.stage(context);
    const worker = stage.work();
    const run = stage.coordinate('interrupted', long);
    await until(() => / finished /.test(worker.said()));
    await sleep(100);
    run.child.kill('SIGINT');
    const { code, stderr } = await run.whenEnded;
    expect(code, stderr).toBe(130);
    await until(async () => (await stage.jobs()).length === 0);
    expect(await stage.keys('run*')).toEqual([]);
    expect(house.resultIn('interrupted')).toContain('"interrupted"');
    stage.expectSame(await stage.resume('interrupted').whenEnded, 'interrupted', long);
  });

  test('Ctrl-C at a worker: what it is at goes on elsewhere, from where it is', async (context) => {
    const stage = house.stage(context);
    const first = stage.work();
    const run = stage.coordinate('given-back', long);
    await until(() => / finished /.test(first.said()));
    await sleep(100);
    first.child.kill('SIGTERM');
    expect((await first.whenEnded).code).toBe(0);
    stage.work();
    stage.expectSame(await run.whenEnded, 'given-back', long);
    expect(first.said()).toMatch(/ given back /);
  });

  test('Redis that has forgotten everything: the jobs are put in again', async (context) => {
    const stage = house.stage(context);
    const run = stage.coordinate('forgotten', brief);
    await until(async () => (await stage.jobs()).length === 5);
    await stage.redis.flushdb();
    await until(async () => (await stage.jobs()).length === 5);
    stage.work();
    stage.expectSame(await run.whenEnded, 'forgotten', brief);
  });

  test('two runs at once do not mix, and one worker serves both; verify takes the queue too', async (context) => {
    const stage = house.stage(context);
    stage.work();
    stage.work();
    const [first, second] = [stage.coordinate('at-once-1', brief), stage.coordinate('at-once-2', brief)];
    stage.expectSame(await first.whenEnded, 'at-once-1', brief);
    stage.expectSame(await second.whenEnded, 'at-once-2', brief);
    const again = await stage.launch(`verify at-once-1/run.json --data tiny --queue ${stage.address}`).whenEnded;
    expect(again.code, again.stderr).toBe(0);
  });
});

test.skipIf(isLeftOut)('credentials are in nothing that was said or written', () => {
  const files = readdirSync(cwd, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const written = files
    .filter(({ parentPath }) => !/redis|mortal/.test(parentPath))
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'));
  expect(house.outputs.length).toBeGreaterThan(20);
  expectNoCredentials([...house.outputs, ...written]);
});
