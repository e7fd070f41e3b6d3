// A queue accepts compatible workers, valid jobs and equal results only.
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { descent, until } from './descent.ts';
import { expectNoCredentials, isSkipped, QueueFixture, SHORT, study } from './queue-fixture.ts';
import { freePort, password } from './redis.ts';

const fixture = new QueueFixture([SHORT]);
const { cwd } = fixture;

describe.skipIf(isSkipped).concurrent('a queue', () => {
  test('skips an arm that kills six workers, and completes the others', async (context) => {
    const queue = fixture.open(context);
    const { run, jobs } = await queue.enqueue('killer');
    const [killer = ''] = jobs;
    // No data kills a worker: this arm does not end, and the test kills the worker that trains it.
    const data = JSON.parse((await queue.redis.hget(killer, 'data')) ?? '');
    data.arm.task.steps = 1e9;
    // Four workers have died of it already.
    await queue.redis.hset(killer, { data: JSON.stringify(data), stc: 4 });
    const tokens = new Set<string>();
    for (let deaths = 4; deaths < 6; deaths++) {
      const worker = queue.work('--data tiny', 0.5);
      await until(async () => {
        const token = await queue.redis.get(`${killer}:lock`);
        return token !== null && tokens.size < tokens.add(token).size;
      });
      worker.child.kill('SIGKILL');
    }
    queue.work('--data tiny', 0.5);
    const { code, stderr } = await run.whenEnded;
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(/1 arm was skipped: trial \d failed 6 times \(\S+:\d+\): .*stalled/);
    expect(fixture.countArms('killer')).toBe(4);
    fixture.expectSame(await queue.resume('killer').whenEnded, 'killer', SHORT);
  });

  test('skips invalid jobs, and completes the others', async (context) => {
    const queue = fixture.open(context);
    const { run, jobs } = await queue.enqueue('poisoned');
    const [broken = '', huge = '', text = ''] = jobs;
    const data = JSON.parse((await queue.redis.hget(huge, 'data')) ?? '');
    const job = JSON.stringify({ format: 'descent-job/1', arm: { name: '\u001b[2Jtrial' } });
    await queue.redis.hset(broken, 'data', job);
    // Valid, but too large for memory: every attempt throws.
    data.arm.task.network.hiddenSizes = new Array(32).fill(4_096);
    await queue.redis.hset(huge, 'data', JSON.stringify(data));
    await queue.redis.hset(text, 'data', '{"format": \u001b[2J');
    const worker = queue.work();
    const { code, stderr } = await run.whenEnded;
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(/3 arms were skipped/);
    expect(stderr).toMatch(/trial \d failed 3 times \(\S+:\d+\): .*(expected .* bytes|memory)/i);
    expect(stderr).toMatch(/trial \d failed once \(\S+:\d+\): \[job\] expected experiment /);
    expect(stderr).toMatch(/trial \d failed once \(\S+:\d+\): \[job\] .* got "no JSON"/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters must be removed
    expect(stderr + worker.said()).not.toMatch(/\u001b\[2J/);
    expect(fixture.countArms('poisoned')).toBe(2);
    fixture.expectSame(await queue.resume('poisoned').whenEnded, 'poisoned', SHORT);
  });

  test('refuses workers with other data or another version, with both digests, on both sides', async (context) => {
    const queue = fixture.open(context);
    const other = queue.work('--data other');
    const older = queue.launch(`worker --queue ${queue.address} --jobs 1 --data tiny`, changedCommand());
    const run = queue.coordinate('refused', SHORT);
    const digest = '[0-9a-f]{12}…';
    const reasons = [
      [run, `data tiny \\(sha256 ${digest}\\) here, other \\(sha256 ${digest}\\) there`],
      [run, `descent \\S+ \\(code ${digest}\\) here, \\S+ \\(code ${digest}\\) there`],
      [run, 'waiting for a compatible worker'],
      [other, `refused the run .*data other \\(sha256 ${digest}\\) here, tiny \\(sha256 ${digest}\\) there`],
      [older, `refused the run .*descent \\S+ \\(code ${digest}\\) here, \\S+ \\(code ${digest}\\) there`],
    ] as const;
    await until(() => reasons.every(([{ said }, reason]) => new RegExp(reason).test(said())));
    queue.work();
    fixture.expectSame(await run.whenEnded, 'refused', SHORT);
    expect(other.said() + older.said()).not.toMatch(/trial/);
  });

  test('stops the run if two workers return different results', async (context) => {
    const queue = fixture.open(context);
    const { run, jobs } = await queue.enqueue('different');
    await queue.redis.rpush(`${jobs[0]}:logs`, 'other:1 digest 000000000000… (record 00000000)');
    queue.work();
    const { code, stderr } = await run.whenEnded;
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(/two workers returned different results for trial \d: other:1 digest 0{12}…/);
    expect(await queue.jobs()).toEqual([]);
  });

  test('stops the run at an invalid result, and keeps finished arms', async (context) => {
    const queue = fixture.open(context);
    const { run, jobs } = await queue.enqueue('invalid');
    const result = '{"format": "descent-result/1", "record": "\\u001b[2Jarm"}';
    await queue.redis.hset(jobs[0] as string, { returnvalue: result, finishedOn: 1 });
    const { code, stderr } = await run.whenEnded;
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(/invalid result in the queue: expected record to be /);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters must be removed
    expect(stderr).not.toMatch(/\u001b\[2J/);
    queue.work();
    fixture.expectSame(await queue.resume('invalid').whenEnded, 'invalid', SHORT);
  });

  test('refuses a wrong password and a missing database, without the password', async (context) => {
    const queue = fixture.open(context);
    const wrong = queue.address.replace(encodeURIComponent(password), 'wr0ng-word');
    const { code, stderr } = await queue.launch(`${study(SHORT)} --queue ${wrong} --out unused`).whenEnded;
    expect(code).toBe(1);
    expect(stderr).toMatch(/no queue at redis:\/\/127\.0\.0\.1:\d+\/\d+: .*WRONGPASS/);
    expect(stderr).not.toContain('wr0ng-word');
    expect(existsSync(join(cwd, 'unused'))).toBe(false);
    const missing = await queue.launch(`${study(SHORT)} --queue ${queue.address.replace(/\d+$/, '99')}`).whenEnded;
    expect(missing.code).toBe(1);
    expect(missing.stderr).toMatch(/DB index is out of range/);
  });
});

test.skipIf(isSkipped)('no output contains credentials', () => {
  expect(fixture.outputs.length).toBeGreaterThan(20);
  expectNoCredentials(fixture.outputs);
});

/** Copies the command with one more comment, which is another version. */
function changedCommand(): string {
  const changed = join(cwd, 'changed');
  cpSync(fileURLToPath(new URL('..', import.meta.url)), changed, {
    recursive: true,
    filter: (source) => !/node_modules\/|\/(src|test|dist\/page)\//.test(source),
    verbatimSymlinks: true,
  });
  const bundle = join(changed, 'dist', 'descent.js');
  writeFileSync(bundle, `${readFileSync(bundle, 'utf8')}\n// another\n`);
  return join(changed, 'bin', 'descent.js');
}

test('without Redis a run and a worker exit with code 1 and the command that starts a server', async () => {
  const port = await freePort();
  for (const command of [study(SHORT), 'worker']) {
    const { code, stdout, stderr } = await descent(`${command} --queue redis://me:secret@127.0.0.1:${port}`, { cwd });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`no queue at redis://127.0.0.1:${port}: no server listens there`);
    expect(stderr).toContain(`redis-server --port ${port} --appendonly yes`);
    expect(stderr).not.toMatch(/me:|secret/);
  }
});

test.concurrent.for([
  ['run optimizer_compare_naive --queue http://me:secret@host', /--queue .*expects redis:/],
  ['run optimizer_compare_naive --queue redis://me:secret@host/two', /--queue .*expects redis:/],
  ['run optimizer_compare_naive --queue redis://me:%zz@host', /--queue .*expects redis:/],
  ['run optimizer_compare_naive --queue redis://me:secret@host --jobs 2', /--jobs cannot be used with --queue/],
  ['worker', /--queue/],
] as const)('%s is refused without repeating the password', async ([command, reason]) => {
  const { code, stderr } = await descent(command, { cwd });
  expect(code).toBe(2);
  expect(stderr).toMatch(reason);
  expect(stderr).not.toMatch(/secret|zz@/);
});
