// stdout carries the result, stderr the rest; colors and progress only where they can be shown.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { descent, scratch } from './descent.ts';

const cwd = scratch();
const naive = 'run optimizer_compare_naive';
const ESCAPE = '\u001b';

test('--json prints one document, the record, and nothing else', async () => {
  const { code, stdout, stderr } = await descent(`${naive} --json --seed 7`, { cwd });
  const record = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(record).toMatchObject({ format: 'descent-run/1', experiment: 'optimizer_compare_naive', seed: 7 });
  expect(record.options.steps).toBe(30);
  expect(record.arms.map(({ name, status }: { name: string; status: string }) => [name, status])).toEqual([
    ['SGD', 'finished'],
    ['Momentum', 'finished'],
    ['AdaGrad', 'finished'],
    ['Adam', 'finished'],
  ]);
  expect(record.digest).toMatch(/^[0-9a-f]{64}$/);
  expect(record.environment.runtime).toBe(`node ${process.versions.node}`);
  expect(stderr).toMatch(/optimizer_compare_naive/);
});

test.for([
  ['an unknown flag', 'list --json --nope', 2],
  ['an unknown experiment', 'run nope --json', 2],
  ['a value out of range', `${naive} --steps 0 --json`, 2],
  ['too few records', 'compare --json', 2],
  ['a missing record', 'verify none.json --json', 3],
  ['missing data', 'run optimizer_compare_mnist --data none --json --quiet', 3],
  ['no queue', 'doctor --queue redis://:secret@127.0.0.1:1/x --json', 2],
  ['an unknown suite', 'bench xx --json', 2],
] as const)('--json prints %s as one document too', async ([, args, code]) => {
  const ending = await descent(args, { cwd });
  const { error } = JSON.parse(ending.stdout);
  expect(error).toEqual({ code, message: expect.any(String), hint: error.hint });
  expect(ending.stderr).toContain(error.message);
  expect(ending.stdout + ending.stderr).not.toContain('secret');
  expect(ending.code).toBe(code);
});

test('--json after a result: the error is on stderr only', async () => {
  const { code, stdout, stderr } = await descent(`${naive} --steps 1 --check-claims --json --quiet`, { cwd });
  expect(JSON.parse(stdout).format).toBe('descent-run/1');
  expect(stderr).toMatch(/does not hold/);
  expect(code).toBe(6);
});

test('in words: chart, table, verdict, where the record lies', async () => {
  const { stdout } = await descent(naive, { cwd });
  expect(stdout).toMatch(/[⠀-⣿]/);
  expect(stdout).toMatch(/Momentum +\S+ +\S+ +\S+/);
  expect(stdout).toMatch(/Claims\n {2}✓ /);
  expect(stdout).toMatch(/Record\n {2}runs\/optimizer_compare_naive-seed1[^ ]*\/run\.json/);
  expect(
    Math.max(
      ...stdout
        .split('\n')
        .slice(1)
        .filter((line) => !/runs\//.test(line))
        .map((line) => line.length),
    ),
  ).toBeLessThanOrEqual(80);
});

test('--quiet leaves stderr empty', async () => {
  expect((await descent(`${naive} --quiet`, { cwd })).stderr).toBe('');
});

test.for([
  ['a pipe', {}, false],
  ['a pipe, FORCE_COLOR=1', { FORCE_COLOR: '1' }, true],
  ['a pipe, FORCE_COLOR=0', { FORCE_COLOR: '0' }, false],
  ['a pipe, NO_COLOR=1 beside FORCE_COLOR=1', { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ['a pipe, TERM=dumb', { TERM: 'dumb' }, false],
] as const)('colors in %s', async ([, env, isColored]) => {
  const { stdout, stderr } = await descent(naive, { cwd, env });
  expect(stdout.includes(ESCAPE)).toBe(isColored);
  expect(stderr.includes(ESCAPE)).toBe(isColored);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one
  expect(stderr).not.toMatch(/\u001b\[\d*[A-HJK]|\u001b\[\?/);
});

test.for(['en', 'ko', 'ja'] as const)('--lang %s', async (lang) => {
  const { stdout } = await descent(`${naive} --lang ${lang}`, { cwd });
  expect(stdout).toMatch({ en: /Claims/, ko: /지그재그/, ja: /ジグザグ/ }[lang]);
});

test('a reader that leaves early ends it quietly', async () => {
  const binary = fileURLToPath(new URL('../bin/descent.js', import.meta.url));
  const child = spawn(
    'sh',
    ['-c', `"${process.execPath}" "${binary}" ${naive} --json --steps 5000 --quiet | head -c 5`],
    { cwd },
  );
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => (stdout += text));
  child.stderr.on('data', (text) => (stderr += text));
  await new Promise((resolve) => child.on('close', resolve));
  expect(stdout).toBe('{\n  "');
  expect(stderr).toBe('');
});
