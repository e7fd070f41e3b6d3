// Arms on other machines: what they are, and that it survives what can happen to any of the parts.
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { descent, type Ending, scratch, start } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';
import { freePort, hasRedis, password, RedisServer, user } from './redis.ts';

const why = 'redis-server is not installed (Debian: apt-get install redis-server)';
const isCi = Boolean(process.env.CI);
if (!hasRedis && !isCi) process.stderr.write(`queue.test.ts is left out: ${why}\n`);

const cwd = scratch();
writeFiles(join(cwd, 'tiny'), goodFiles());
writeFiles(join(cwd, 'other'), goodFiles({ train: 100, test: 20 }));
/** About a fifth of a second a trial on a quiet machine. */
const study =
  'run hyperparameter_optimization --data tiny --trials 5 --epochs 200 --batch-size 50 --train-samples 125 --hidden-sizes 100x4 --evaluate-every 100';

type Process = ReturnType<typeof start>;
/** All that any process has said. */
const outputs: string[] = [];
const running = new Set<Process>();

function launch(args: string, command?: string): Process {
  const started = start(args.split(' ').filter(Boolean), { cwd, env: { NODE_EXTRA_CA_CERTS: '' }, command });
  running.add(started);
  started.whenEnded.then(({ stdout, stderr }) => {
    running.delete(started);
    outputs.push(stdout, stderr);
  });
  return started;
}

async function until(what: () => unknown, milliseconds = 20_000): Promise<void> {
  const late = performance.now() + milliseconds;
  while (!(await what())) {
    if (performance.now() > late) throw new Error(`waited in vain for ${what}`);
    await sleep(20);
  }
}

const count = (text: string, pattern: RegExp) => text.match(new RegExp(pattern, 'g'))?.length ?? 0;

/** All of a record but where it was made and how long it took. */
function resultIn(folder: string): string {
  const {
    environment: _,
    elapsedSeconds: __,
    ...record
  } = JSON.parse(readFileSync(join(cwd, folder, 'run.json'), 'utf8'));
  return JSON.stringify(record);
}

describe.skipIf(!hasRedis && !isCi)('with a Redis', { timeout: 60_000 }, () => {
  let server: RedisServer;
  let redis: Redis;
  let table: string;
  beforeAll(async () => {
    if (!hasRedis) throw new Error(why);
    server = await RedisServer.start(join(cwd, 'redis'));
    redis = new Redis(server.port, '127.0.0.1', { username: user, password, db: 2, maxRetriesPerRequest: null });
    redis.on('error', () => {});
    await descent(`${study} --jobs 1 --out local --quiet`, { cwd });
    table = resultIn('local');
  }, 60_000);
  afterEach(async () => {
    for (const { child } of running) child.kill('SIGKILL');
    await Promise.all([...running].map(({ whenEnded }) => whenEnded));
    await redis.flushdb();
  });
  afterAll(async () => {
    redis.disconnect();
    await server.down();
  });

  const work = (flags = '--data tiny') => launch(`worker --queue ${server.address} --jobs 1 --patience 1 ${flags}`);
  const coordinate = (folder: string) => launch(`${study} --queue ${server.address} --out ${folder}`);
  const resume = (folder: string) => launch(`run --resume ${folder} --queue ${server.address}`);
  const keys = async (pattern: string) => (await redis.keys(`descent:${pattern}`)).sort();
  const jobs = () => keys('arms-*:????????????????-*');

  function expectSame({ code, stderr }: Ending, folder: string): void {
    expect(code, stderr).toBe(0);
    expect(resultIn(folder)).toBe(table);
    expect(existsSync(join(cwd, folder, 'queue.json'))).toBe(false);
  }

  test('three workers: the table of --jobs 1, nothing left behind, Ctrl-C ends a worker in order', async () => {
    const crew = [work(), work(), work()];
    expectSame(await coordinate('three').whenEnded, 'three');
    for (const name of readdirSync(join(cwd, 'local', 'checkpoints'))) {
      const [mine, theirs] = ['local', 'three'].map((folder) => readFileSync(join(cwd, folder, 'checkpoints', name)));
      expect(theirs?.equals(mine as Buffer), name).toBe(true);
    }
    expect(await jobs()).toEqual([]);
    expect(await keys('run*')).toEqual([]);
    expect(count(crew.map(({ said }) => said()).join(''), /trial \d+ {2}finished/)).toBe(5);
    for (const { child } of crew) child.kill('SIGINT');
    for (const { whenEnded } of crew) expect((await whenEnded).code).toBe(0);
    expect(await keys('worker*')).toEqual([]);
  });

  test('a worker killed in mid-trial: its arm goes to another', async () => {
    const [first, second] = [work(), work()];
    const run = coordinate('killed-worker');
    await until(() => / finished /.test(first.said()));
    await sleep(100);
    first.child.kill('SIGKILL');
    expectSame(await run.whenEnded, 'killed-worker');
    expect(second.said()).toMatch(/ finished /);
  });

  test('a coordinator killed and resumed: what was done meanwhile is kept, what finished is not done again', async () => {
    const run = coordinate('killed-coordinator');
    const journal = join(cwd, 'killed-coordinator', 'journal.jsonl');
    const worker = work();
    await until(() => existsSync(journal) && count(readFileSync(journal, 'utf8'), /"kind":"arm"/) >= 2);
    run.child.kill('SIGKILL');
    await run.whenEnded;
    await until(() => count(worker.said(), / finished /) >= 4);
    expectSame(await resume('killed-coordinator').whenEnded, 'killed-coordinator');
    expect(count(worker.said(), / finished /)).toBe(5);
  });

  test('Ctrl-C: 130, nothing of it stays in the queue, the worker stays; resumed it comes to the same', async () => {
    const worker = work();
    const run = coordinate('interrupted');
    await until(() => / finished /.test(worker.said()));
    await sleep(100);
    run.child.kill('SIGINT');
    const { code, stderr } = await run.whenEnded;
    expect(code, stderr).toBe(130);
    await until(async () => (await jobs()).length === 0);
    expect(await keys('run*')).toEqual([]);
    expect(resultIn('interrupted')).toContain('"interrupted"');
    expectSame(await resume('interrupted').whenEnded, 'interrupted');
  });

  test('Ctrl-C at a worker: what it is at goes on elsewhere, from where it is', async () => {
    const first = work();
    const run = coordinate('given-back');
    await until(() => / finished /.test(first.said()));
    await sleep(100);
    first.child.kill('SIGTERM');
    expect((await first.whenEnded).code).toBe(0);
    work();
    expectSame(await run.whenEnded, 'given-back');
    expect(first.said()).toMatch(/ given back /);
  });

  test('Redis gone and back: everybody waits, says so, and goes on', async () => {
    const worker = work();
    const run = coordinate('restarted');
    await until(() => / finished /.test(worker.said()));
    await server.down();
    await until(() => /lost the connection/.test(run.said()) && /lost the connection/.test(worker.said()));
    await server.up();
    expectSame(await run.whenEnded, 'restarted');
    expect(run.said()).toMatch(/connected to redis:\/\/127\.0\.0\.1:\d+\/2 again/);
  });

  test('Redis that has forgotten everything: the jobs are put in again', async () => {
    const run = coordinate('forgotten');
    await until(async () => (await jobs()).length === 5);
    await redis.flushdb();
    await until(async () => (await jobs()).length === 5);
    work();
    expectSame(await run.whenEnded, 'forgotten');
  });

  test('a worker with other data and one of another version are refused with both digests, on both sides', async () => {
    const changed = join(cwd, 'changed');
    cpSync(fileURLToPath(new URL('..', import.meta.url)), changed, {
      recursive: true,
      filter: (source) => !/node_modules\/|\/(src|test|dist\/page)\//.test(source),
      verbatimSymlinks: true,
    });
    const bundle = join(changed, 'dist', 'descent.js');
    writeFileSync(bundle, `${readFileSync(bundle, 'utf8')}\n// another\n`);
    const other = work('--data other');
    const older = launch(`worker --queue ${server.address} --jobs 1 --data tiny`, join(changed, 'bin', 'descent.js'));
    const run = coordinate('refused');
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
    expect(older.said()).toContain((await fitOfRun()).code.slice(0, 12));
    work();
    expectSame(await run.whenEnded, 'refused');
    expect(other.said() + older.said()).not.toMatch(/trial/);
  });

  /** What the one run there is asks of its workers. */
  async function fitOfRun(): Promise<{ code: string }> {
    const [name = ''] = await keys('run:????????????????');
    return JSON.parse((await redis.get(name)) ?? '').fit;
  }

  test('a poisoned job is set aside and told of; the others are done and kept', async () => {
    const run = coordinate('poisoned');
    await until(async () => (await jobs()).length === 5);
    const [broken = '', huge = ''] = await jobs();
    const data = JSON.parse((await redis.hget(huge, 'data')) ?? '');
    await redis.hset(broken, 'data', JSON.stringify({ format: 'descent-job/1', arm: { name: '\u001b[2Jtrial' } }));
    // Within what an experiment may ask for, and beyond what fits into memory: it throws whenever it is tried.
    data.arm.task.network.hiddenSizes = new Array(32).fill(4_096);
    await redis.hset(huge, 'data', JSON.stringify(data));
    const worker = work();
    const { code, stderr } = await run.whenEnded;
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(/2 arms were set aside/);
    expect(stderr).toMatch(/after 3 tries \(\S+:\d+\): .*expected .* bytes|after 3 tries \(\S+:\d+\): .*memory/i);
    expect(stderr).toMatch(/after 1 try \(\S+:\d+\): \[job\] expected run /);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not get through
    expect(stderr + worker.said()).not.toMatch(/\u001b\[2J/);
    expect(count(readFileSync(join(cwd, 'poisoned', 'journal.jsonl'), 'utf8'), /"kind":"arm"/)).toBe(3);
    expectSame(await resume('poisoned').whenEnded, 'poisoned');
  });

  test('a second answer that differs stops the run; one that does not is none the worse', async () => {
    const { arms, seed } = JSON.parse(table);
    const run = coordinate('two-answers');
    await until(async () => (await jobs()).length === 5);
    const [, id = '', tag = ''] = /:(\w{16})-(\w{32})$/.exec((await jobs())[0] ?? '') ?? [];
    const answer = (record: object) =>
      redis.xadd(
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
    expect(stderr).toContain('something is not deterministic');
    expect(stderr).toContain(arms[0].digest.slice(0, 12));
    expect(stderr).toContain('0'.repeat(12));
    expect(await jobs()).toEqual([]);
  });

  test('two runs at once do not mix, and one worker serves both; verify takes the queue too', async () => {
    work();
    work();
    const [first, second] = [coordinate('at-once-1'), coordinate('at-once-2')];
    expectSame(await first.whenEnded, 'at-once-1');
    expectSame(await second.whenEnded, 'at-once-2');
    const again = await launch(`verify at-once-1/run.json --data tiny --queue ${server.address}`).whenEnded;
    expect(again.code, again.stderr).toBe(0);
  });

  test('who may not come in is told so, without the password', async () => {
    const wrong = server.address.replace(encodeURIComponent(password), 'wr0ng-word');
    const { code, stderr } = await launch(`${study} --queue ${wrong} --out nobody`).whenEnded;
    expect(code).toBe(1);
    expect(stderr).toMatch(/no queue at redis:\/\/127\.0\.0\.1:\d+\/2: .*WRONGPASS/);
    expect(stderr).not.toContain('wr0ng-word');
    expect(existsSync(join(cwd, 'nobody'))).toBe(false);
    const missing = await launch(`${study} --queue ${server.address.replace(/\/2$/, '/99')}`).whenEnded;
    expect(missing.code).toBe(1);
    expect(missing.stderr).toMatch(/DB index is out of range/);
  });

  test('credentials are in nothing that was said or written', () => {
    const files = readdirSync(cwd, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    const written = files
      .filter(({ parentPath }) => !parentPath.includes('changed') && !parentPath.includes('redis'))
      .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'));
    expect(outputs.length).toBeGreaterThan(20);
    for (const text of [...outputs, ...written]) {
      for (const secret of [password, encodeURIComponent(password), user]) expect(text).not.toContain(secret);
    }
  });
});

test('no Redis: 1, the address without credentials, and what starts one', async () => {
  const port = await freePort();
  for (const command of [study, 'worker']) {
    const { code, stdout, stderr } = await descent(`${command} --queue redis://me:secret@127.0.0.1:${port}`, { cwd });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(`no queue at redis://127.0.0.1:${port}: nothing listens there`);
    expect(stderr).toContain(`redis-server --port ${port} --appendonly yes`);
    expect(stderr).not.toMatch(/me:|secret/);
  }
});

test.each([
  ['run optimizer_compare_naive --queue http://me:secret@host', /--queue expects redis:/],
  ['run optimizer_compare_naive --queue me:secret@host', /--queue expects redis:/],
  ['run optimizer_compare_naive --queue redis://me:secret@host/two', /--queue expects redis:/],
  ['run optimizer_compare_naive --queue redis://me:%zz@host', /--queue expects redis:/],
  ['run optimizer_compare_naive --queu=redis://me:secret@host', /unknown flag --queu/],
  ['run optimizer_compare_naive --queue redis://me:secret@host --jobs 2', /--jobs is not for --queue/],
  ['run optimizer_compare_naive --queue redis://me:secret@host --variant relaxed-simd', /relaxed-simd/],
  ['worker', /--queue/],
])('%s is refused, and repeats no secret', async (command, reason) => {
  const { code, stderr } = await descent(command, { cwd });
  expect(code).toBe(2);
  expect(stderr).toMatch(reason);
  expect(stderr).not.toMatch(/secret|zz@/);
});
