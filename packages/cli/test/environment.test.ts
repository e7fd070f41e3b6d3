// Environment variables: `--help` and the documentation list them; `DESCENT_QUEUE` hides its password.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { descent, scratch, start } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';
import { hasRedis, password, RedisServer, user } from './redis.ts';

const cwd = scratch();
const queue = 'redis://me:secret@127.0.0.1:1';
const naive = 'run optimizer_compare_naive --steps 2 --quiet';

test('`--help` and docs/command-line.md list every variable that the sources read', async () => {
  const sources = fileURLToPath(new URL('../src', import.meta.url));
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const names = files.flatMap((file) =>
    [...readFileSync(join(sources, file), 'utf8').matchAll(/\benv\.([A-Z_]+)/g)].map(([, name]) => name as string),
  );
  const page = readFileSync(new URL('../../../docs/command-line.md', import.meta.url), 'utf8');
  const { stdout } = await descent('--help', { cwd });
  expect(names).toContain('DESCENT_QUEUE');
  for (const name of new Set(names)) {
    expect(page).toContain(`\`${name}\``);
    expect(stdout).toContain(`  ${name} `);
  }
});

test.for([
  [queue, naive, 1, /no queue at redis:\/\/127\.0\.0\.1:1: no server listens there/],
  [queue, `${naive} --queue redis://127.0.0.1:2`, 1, /no queue at redis:\/\/127\.0\.0\.1:2/],
  [queue, `${naive} --jobs 2`, 2, /--jobs cannot be used with --queue.*\n.*DESCENT_QUEUE/],
  [queue, 'worker', 1, /no queue at redis:\/\/127\.0\.0\.1:1/],
  [queue, 'doctor', 0, /no queue at redis:\/\/127\.0\.0\.1:1/],
  ['', naive, 0, /Claims/],
  ['me:secret@host', naive, 2, /DESCENT_QUEUE/],
] as const)('DESCENT_QUEUE=%s descent %s: %i', async ([address, args, code, message]) => {
  const env = { DESCENT_QUEUE: address, DESCENT_DEBUG: '1', DEBUG: '*' };
  const ending = await descent(args, { cwd, env });
  expect(ending.stdout + ending.stderr).toMatch(message);
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
    const bench = start('bench experiments --quick --data tiny --only 784-10-10 --json', { cwd, env });
    const lines = new Set<string>();
    let hasEnded = false;
    void bench.whenEnded.then(() => (hasEnded = true));
    for (; !hasEnded; await sleep(20))
      for (const line of spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).stdout.split('\n')) lines.add(line);
    const { code, stdout, stderr } = await bench.whenEnded;
    await server.down();
    const workers = [...lines].filter((line) => / worker --quiet .*--data tiny/.test(line));
    expect(workers).not.toEqual([]);
    for (const secret of [password, encodeURIComponent(password), user])
      expect(workers.join() + stdout + stderr).not.toContain(secret);
    expect(code, stderr).toBe(0);
  },
);
