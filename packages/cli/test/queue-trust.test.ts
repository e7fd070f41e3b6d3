// What the queue believes: nobody with another program or other data, no job before it is checked, no second answer that differs.
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { descent } from './descent.ts';
import { brief, count, expectNoCredentials, House, isLeftOut, type Stage, study, until } from './queue-stage.ts';
import { freePort, password } from './redis.ts';

const house = new House([brief]);
const { cwd } = house;

describe.skipIf(isLeftOut).concurrent('with a Redis', () => {
  test('an arm that takes every worker down with it is set aside; the others are done and kept', async (context) => {
    const stage = house.stage(context);
    const run = stage.coordinate('killer', brief);
    await until(async () => (await stage.jobs()).length === 5);
    const [killer = ''] = await stage.jobs();
    // No data do that by themselves: the arm never ends, and whoever has it is killed from here.
    const data = JSON.parse((await stage.redis.hget(killer, 'data')) ?? '');
    data.arm.task.steps = 1e9;
    await stage.redis.hset(killer, 'data', JSON.stringify(data));
    const tokens = new Set<string>();
    for (let deaths = 0; deaths < 6; deaths++) {
      const worker = stage.work('--data tiny', 0.5);
      await until(async () => isNew(await stage.redis.get(`${killer}:lock`), tokens));
      worker.child.kill('SIGKILL');
    }
    stage.work('--data tiny', 0.5);
    const { code, stderr } = await run.whenEnded;
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(/an arm failed and was skipped: trial \d after 6 tries \(\S+:\d+\): .*stalled/);
    expect(armsIn('killer')).toBe(4);
    stage.expectSame(await stage.resume('killer').whenEnded, 'killer', brief);
  });

  test('poisoned jobs are set aside and told of; the others are done and kept', async (context) => {
    const stage = house.stage(context);
    const run = stage.coordinate('poisoned', brief);
    await until(async () => (await stage.jobs()).length === 5);
    const [broken = '', huge = '', text = ''] = await stage.jobs();
    const data = JSON.parse((await stage.redis.hget(huge, 'data')) ?? '');
    const job = JSON.stringify({ format: 'descent-job/1', arm: { name: '\u001b[2Jtrial' } });
    await stage.redis.hset(broken, 'data', job);
    // Within what an experiment may ask for, and beyond what fits into memory: it throws whenever it is tried.
    data.arm.task.network.hiddenSizes = new Array(32).fill(4_096);
    await stage.redis.hset(huge, 'data', JSON.stringify(data));
    await stage.redis.hset(text, 'data', '{"format": \u001b[2J');
    const worker = stage.work();
    const { code, stderr } = await run.whenEnded;
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(/3 arms failed and were skipped/);
    const who = 'trial \\d after';
    expect(stderr).toMatch(new RegExp(`${who} 3 tries \\(\\S+:\\d+\\): .*(expected .* bytes|memory)`, 'i'));
    expect(stderr).toMatch(new RegExp(`${who} 1 try \\(\\S+:\\d+\\): \\[job\\] expected run `));
    expect(stderr).toMatch(new RegExp(`${who} 1 try \\(\\S+:\\d+\\): \\[job\\] .* got "no JSON"`));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not get through
    expect(stderr + worker.said()).not.toMatch(/\u001b\[2J/);
    expect(armsIn('poisoned')).toBe(2);
    stage.expectSame(await stage.resume('poisoned').whenEnded, 'poisoned', brief);
  });

  test('a worker with other data and one of another version are refused with both digests, on both sides', async (context) => {
    const stage = house.stage(context);
    const other = stage.work('--data other');
    const older = stage.launch(`worker --queue ${stage.address} --jobs 1 --data tiny`, changedCommand());
    const run = stage.coordinate('refused', brief);
    const digests = { data: / other \(sha256 ([0-9a-f]{12})…\) there/, code: /\(code ([0-9a-f]{12})…\) there/ };
    await until(
      () =>
        digests.data.test(run.said()) &&
        digests.code.test(run.said()) &&
        /waiting for a worker that fits/.test(run.said()),
    );
    await until(() => /refused the run/.test(other.said()) && /refused the run/.test(older.said()));
    expect(other.said()).toMatch(/data other \(sha256 [0-9a-f]{12}…\) here, tiny \(sha256 [0-9a-f]{12}…\) there/);
    expect(older.said()).toMatch(/descent \S+ \(code [0-9a-f]{12}…\) here, \S+ \(code [0-9a-f]{12}…\) there/);
    expect(older.said()).toContain((await fitOfRun(stage)).code.slice(0, 12));
    stage.work();
    stage.expectSame(await run.whenEnded, 'refused', brief);
    expect(other.said() + older.said()).not.toMatch(/trial/);
  });

  test('a second answer that differs stops the run; one that does not is none the worse', async (context) => {
    const stage = house.stage(context);
    const { arms, seed } = JSON.parse(house.table(brief));
    const run = stage.coordinate('two-answers', brief);
    await until(async () => (await stage.jobs()).length === 5);
    const [, id = '', tag = ''] = /:(\w{16})-(\w{32})$/.exec((await stage.jobs())[0] ?? '') ?? [];
    const answer = (record: object) =>
      stage.redis.xadd(
        `descent:run:${id}:results`,
        '*',
        'message',
        JSON.stringify({ format: 'descent-result/1', kind: 'arm', run: id, tag, worker: 'x:1', seed, record }),
      );
    await answer(arms[0]);
    await answer(arms[0]);
    await answer({ ...arms[0], digest: '0'.repeat(64) });
    const { code, stderr } = await run.whenEnded;
    expect(code, stderr).toBe(1);
    expect(stderr).toContain('two workers returned different results');
    expect(stderr).toContain(arms[0].digest.slice(0, 12));
    expect(stderr).toContain('0'.repeat(12));
    expect(await stage.jobs()).toEqual([]);
  });

  test('a result that is none of ours stops the run and says so; what finished is kept', async (context) => {
    const stage = house.stage(context);
    const run = stage.coordinate('stranger', brief);
    await until(async () => (await stage.jobs()).length === 5);
    const [name = ''] = await stage.keys('run:????????????????');
    await stage.redis.xadd(
      `${name}:results`,
      '*',
      'message',
      '{"format": "descent-result/1", "kind": "\\u001b[2Jarm"}',
    );
    const { code, stderr } = await run.whenEnded;
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(/a message in the queue is not from Descent: expected kind to be /);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not get through
    expect(stderr).not.toMatch(/\u001b\[2J/);
    stage.work();
    stage.expectSame(await stage.resume('stranger').whenEnded, 'stranger', brief);
  });

  test('who may not come in is told so, without the password', async (context) => {
    const stage = house.stage(context);
    const wrong = stage.address.replace(encodeURIComponent(password), 'wr0ng-word');
    const { code, stderr } = await stage.launch(`${study(brief)} --queue ${wrong} --out nobody`).whenEnded;
    expect(code).toBe(1);
    expect(stderr).toMatch(/no queue at redis:\/\/127\.0\.0\.1:\d+\/\d+: .*WRONGPASS/);
    expect(stderr).not.toContain('wr0ng-word');
    expect(existsSync(join(cwd, 'nobody'))).toBe(false);
    const nowhere = stage.address.replace(/\d+$/, '99');
    const missing = await stage.launch(`${study(brief)} --queue ${nowhere}`).whenEnded;
    expect(missing.code).toBe(1);
    expect(missing.stderr).toMatch(/DB index is out of range/);
  });
});

test.skipIf(isLeftOut)('credentials are in nothing that was said', () => {
  expect(house.outputs.length).toBeGreaterThan(20);
  expectNoCredentials(house.outputs);
});

/** Whether somebody has it who had not had it before. */
function isNew(token: string | null, seen: Set<string>): boolean {
  if (token === null || seen.has(token)) return false;
  seen.add(token);
  return true;
}

const armsIn = (folder: string) => count(readFileSync(join(cwd, folder, 'journal.jsonl'), 'utf8'), /"kind":"arm"/);

/** Of a program that differs in a comment. */
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

/** What the one run there is asks of its workers. */
async function fitOfRun(stage: Stage): Promise<{ code: string }> {
  const [name = ''] = await stage.keys('run:????????????????');
  return JSON.parse((await stage.redis.get(name)) ?? '').fit;
}

test('no Redis: 1, the address without credentials, and what starts one', async () => {
  const port = await freePort();
  for (const command of [study(brief), 'worker']) {
    const { code, stdout, stderr } = await descent(`${command} --queue redis://me:secret@127.0.0.1:${port}`, { cwd });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(`no queue at redis://127.0.0.1:${port}: nothing listens there`);
    expect(stderr).toContain(`redis-server --port ${port} --appendonly yes`);
    expect(stderr).not.toMatch(/me:|secret/);
  }
});

test.concurrent.for([
  ['run optimizer_compare_naive --queue http://me:secret@host', /--queue .*expects redis:/],
  ['run optimizer_compare_naive --queue me:secret@host', /--queue .*expects redis:/],
  ['run optimizer_compare_naive --queue redis://me:secret@host/two', /--queue .*expects redis:/],
  ['run optimizer_compare_naive --queue redis://me:%zz@host', /--queue .*expects redis:/],
  ['run optimizer_compare_naive --queu=redis://me:secret@host', /unknown flag --queu/],
  ['run optimizer_compare_naive --queue redis://me:secret@host --jobs 2', /--jobs cannot be used with --queue/],
  ['worker', /--queue/],
] as const)('%s is refused, and repeats no secret', async ([command, reason]) => {
  const { code, stderr } = await descent(command, { cwd });
  expect(code).toBe(2);
  expect(stderr).toMatch(reason);
  expect(stderr).not.toMatch(/secret|zz@/);
});
