// Variables of the environment: which there are, and what `DESCENT_QUEUE` does.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { descent, scratch, start } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';
import { hasRedis, password, RedisServer, user } from './redis.ts';

const cwd = scratch();
const queue = 'redis://me:secret@127.0.0.1:1';
const naive = 'run optimizer_compare_naive --steps 2 --quiet';

test('`--help` and docs/command-line.md name every variable that the sources read', async () => {
  const sources = fileURLToPath(new URL('../src', import.meta.url));
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const read = files.flatMap((file) =>
    [...readFileSync(join(sources, file), 'utf8').matchAll(/\benv\.([A-Z_]+)/g)].map(([, name]) => name as string),
  );
  const page = readFileSync(new URL('../../../docs/command-line.md', import.meta.url), 'utf8');
  const { stdout } = await descent('--help', { cwd });
  expect(read).toContain('DESCENT_QUEUE');
  for (const name of new Set(read)) {
    expect(page).toContain(`\`${name}\``);
    expect(stdout).toContain(`  ${name} `);
  }
});

test.concurrent.for([
  [naive, 1, /no queue at redis:\/\/127\.0\.0\.1:1: nothing listens there/],
  [`${naive} --queue redis://127.0.0.1:2`, 1, /no queue at redis:\/\/127\.0\.0\.1:2/],
  [`${naive} --jobs 2`, 2, /--jobs is not for --queue.*\n.*DESCENT_QUEUE/],
  ['worker', 1, /no queue at redis:\/\/127\.0\.0\.1:1/],
  ['bench step --data nowhere', 3, /nowhere/],
  ['bench kernels --queue redis://127.0.0.1:1', 2, /--queue expects the suite experiments/],
  ['doctor', 0, /no queue at redis:\/\/127\.0\.0\.1:1/],
  ['list', 0, /optimizer_compare_naive/],
] as const)('DESCENT_QUEUE: descent %s', async ([args, code, message]) => {
  const env = { DESCENT_QUEUE: queue, DESCENT_DEBUG: '1', DEBUG: '*' };
  const ending = await descent(args, { cwd, env });
  expect(ending.stdout + ending.stderr).toMatch(message);
  expect(ending.stdout + ending.stderr).not.toMatch(/secret/);
  expect(ending.code, ending.stderr).toBe(code);
});

test.concurrent.for([
  ['', naive, 0],
  ['me:secret@host', naive, 2],
  ['redis://host?password=secret', 'worker', 2],
  ['redis://me:secret@host:port', 'doctor', 2],
] as const)('DESCENT_QUEUE=%s descent %s: %i', async ([address, args, code]) => {
  const ending = await descent(args, { cwd, env: { DESCENT_QUEUE: address } });
  expect(ending.stdout + ending.stderr).not.toMatch(/secret/);
  expect(ending.code, ending.stderr).toBe(code);
});

test.skipIf(!hasRedis && !process.env.CI)(
  'a password in DESCENT_QUEUE is in no output and no argument',
  { timeout: 90_000 },
  async () => {
    writeFiles(join(cwd, 'tiny'), goodFiles({ train: 500, test: 10 }));
    const server = await RedisServer.start(join(cwd, 'redis'));
    const env = { DESCENT_QUEUE: server.addressOf(), DEBUG: '*' };
    const bench = start('bench experiments --quick --data tiny --only 784-10-10 --json'.split(' '), { cwd, env });
    const lines = new Set<string>();
    let hasEnded = false;
    void bench.whenEnded.then(() => (hasEnded = true));
    while (!hasEnded) for (const line of (await processes()).split('\n')) lines.add(line);
    const { code, stdout, stderr } = await bench.whenEnded;
    await server.down();
    const workers = [...lines].filter((line) => / worker --quiet .*--data tiny/.test(line));
    expect(workers).not.toEqual([]);
    for (const secret of [password, encodeURIComponent(password), user]) {
      expect(workers.join() + stdout + stderr).not.toContain(secret);
    }
    expect(code, stderr).toBe(0);
  },
);

/** What `ps` shows of every process. */
async function processes(): Promise<string> {
  const ps = spawn('ps', ['-eo', 'args']);
  let text = '';
  ps.stdout.on('data', (part) => (text += part));
  await new Promise((resolve) => ps.on('close', resolve));
  return text;
}
