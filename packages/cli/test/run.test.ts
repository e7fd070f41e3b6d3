// `descent run`: exit codes, streams, colors, folders, and the same result with any number of threads.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { descent, scratch, shell, spawnDescent } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';

const cwd = scratch();
writeFiles(join(cwd, 'tiny'), goodFiles());
const naive = 'run optimizer_compare_naive --quiet --json';
const tiny = 'run optimizer_compare_mnist --data tiny --hidden-sizes 8 --batch-size 16 --quiet --json';
const diverging = `${tiny} --steps 20 --hidden-sizes 8x32 --batch-size 128 --sgd-lr 1000`;
const readRecord = (folder: string) => JSON.parse(readFileSync(join(cwd, folder, 'run.json'), 'utf8'));

test('the record of a diverged arm has its step, and the other arms finish', async () => {
  const { code, stdout } = await descent(diverging, { cwd });
  const { arms } = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(arms[0]).toMatchObject({ name: 'SGD', status: 'diverged' });
  expect(arms[0].divergence.step).toBeGreaterThan(0);
  expect(arms[1].status).toBe('finished');
  const report = await descent(diverging.replace(' --json', ''), { cwd });
  expect(report.stdout).toMatch(/SGD .*diverged at step \d+ \(\w+, \d+\.[\w.]+\)/);
});

test('a run whose arms all diverge exits with code 4', async () => {
  const flags = '--steps 5 --hidden-sizes 8x32 --init normal --init-std 100';
  const { code, stdout, stderr } = await descent(`${tiny} ${flags}`, { cwd });
  expect(stderr).toMatch(/in every arm: SGD diverged at step 1 \(Linear, [^)]+\); Momentum .*; Adam diverged/);
  expect(JSON.parse(stdout).arms).toHaveLength(4);
  expect(code).toBe(4);
});

test.for([
  ['--steps 1 --check-claims', 6],
  ['--steps 1 --check-claims --seeds 2', 6],
  ['--check-claims --seeds 2', 0],
  ['--steps 1', 0],
] as const)('claims, %s: %i', async ([flags, expected]) => {
  const { code, stdout, stderr } = await descent(`${naive} ${flags}`, { cwd });
  expect(code).toBe(expected);
  // The document has been printed, so the error is on stderr only.
  expect(JSON.parse(stdout).claims.length).toBeGreaterThan(0);
  expect(stderr).toBe(expected === 0 ? '' : 'error: a claim does not hold: sgd-zigzags\n');
});

test('`--json` prints one document, the record of the folder', async () => {
  const { stdout, stderr } = await descent(`${naive.replace(' --quiet', '')} --seed 7 --out here`, { cwd });
  expect(readFileSync(join(cwd, 'here', 'run.json'), 'utf8')).toBe(stdout);
  const record = JSON.parse(stdout);
  expect(record).toMatchObject({ format: 'descent-run/1', experiment: 'optimizer_compare_naive', seed: 7 });
  expect(record.options.steps).toBe(30);
  expect(record.arms.map(({ name }: { name: string }) => name)).toEqual(['SGD', 'Momentum', 'AdaGrad', 'Adam']);
  expect(record.digest).toMatch(/^[0-9a-f]{64}$/);
  expect(record.environment.runtime).toBe(`node ${process.versions.node}`);
  expect(stderr).toMatch(/optimizer_compare_naive/);
});

test.for([
  ['an unknown flag', 'list --json --nope', 2],
  ['an unknown experiment', 'run nope --json', 2],
  ['a missing record', 'verify none.json --json', 3],
  ['missing data', 'run optimizer_compare_mnist --data none --json --quiet', 3],
  ['no queue', 'doctor --queue redis://:secret@127.0.0.1:1/x --json', 2],
] as const)('`--json` prints %s as one document', async ([, args, code]) => {
  const ending = await descent(args, { cwd });
  const { error } = JSON.parse(ending.stdout);
  expect(error).toEqual({ code, message: expect.any(String), hint: error.hint });
  expect(ending.stderr).toContain(error.message);
  expect(ending.stdout + ending.stderr).not.toContain('secret');
  expect(ending.code).toBe(code);
});

test('the report has a chart, a table, claims and commands to copy', async () => {
  const { stdout } = await descent('run optimizer_compare_naive --out report', { cwd });
  expect(stdout).toMatch(/[⠀-⣿]/);
  expect(stdout).toMatch(/Momentum +\S+ +\S+ +\S+/);
  expect(stdout).toMatch(/Claims\n {2}✓ /);
  expect(stdout).toMatch(/Record\n {2}report\/run\.json .*\n.* plot report -o report\.html\n.* verify report\n/);
});

test.for([
  ['en', /Claims/],
  ['ko', /지그재그/],
  ['ja', /ジグザグ/],
] as const)('the report with --lang %s', async ([lang, text]) => {
  expect((await descent(`run optimizer_compare_naive --quiet --lang ${lang}`, { cwd })).stdout).toMatch(text);
});

test.for([
  ['a pipe', {}, false],
  ['FORCE_COLOR=1', { FORCE_COLOR: '1' }, true],
  ['NO_COLOR=1 and FORCE_COLOR=1', { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
] as const)('colors and progress, %s', async ([, env, isColored]) => {
  const { stdout, stderr } = await spawnDescent('run optimizer_compare_naive', { cwd, env });
  expect(stdout.includes('\u001b')).toBe(isColored);
  expect(stderr.includes('\u001b')).toBe(isColored);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one
  expect(stderr).not.toMatch(/\u001b\[\d*[A-HJK]|\u001b\[\?/);
});

test('a reader that exits early ends the command without a message', () => {
  const { stdout, stderr } = shell(`descent ${naive} --steps 5000 | head -c 5`, cwd);
  expect([stdout, stderr]).toEqual(['{\n  "', '']);
});

test('`--out` refuses a folder with a run', async () => {
  const before = await descent(`${naive} --seed 11 --out once`, { cwd });
  const again = await descent(`${naive} --seed 12 --out once`, { cwd });
  expect(again.stderr).toMatch(/--out once already contains a run/);
  expect(again.code).toBe(2);
  expect(readFileSync(join(cwd, 'once', 'run.json'), 'utf8')).toBe(before.stdout);
});

test('runs at the same time have different folders; only one gets a named folder', async () => {
  await Promise.all([1, 2, 3].map(() => spawnDescent(`${naive} --seed 21`, { cwd })));
  for (const folder of ['', '-2', '-3'])
    expect(readRecord(`runs/optimizer_compare_naive-seed21${folder}`).seed).toBe(21);
  const runs = await Promise.all([1, 2].map(() => spawnDescent(`${tiny} --steps 400 --out both`, { cwd })));
  expect(runs.map(({ code }) => code).sort()).toEqual([0, 2]);
  expect(runs.map(({ stderr }) => stderr).join('')).toMatch(/another run is writing to both|already contains a run/);
  expect(readRecord('both').arms).toHaveLength(4);
});

test('the result is the same with 1, 2 and 4 threads', async () => {
  const first = JSON.parse((await descent(`${tiny} --steps 60 --seed 3`, { cwd })).stdout);
  for (const flags of ['--jobs 2', '--jobs 4']) {
    const { stdout } = await spawnDescent(`${tiny} --steps 60 --seed 3 ${flags}`, { cwd });
    const { digest, arms, claims } = JSON.parse(stdout);
    expect({ digest, arms, claims }).toEqual({ digest: first.digest, arms: first.arms, claims: first.claims });
  }
});

test('`--seeds` writes one record per seed and tests the claims over all', async () => {
  const { stdout } = await spawnDescent(`${tiny} --steps 30 --seed 4 --seeds 3 --jobs 2 --out seeds`, { cwd });
  const { format, records, claims, finals } = JSON.parse(stdout);
  const single = await descent(`${tiny} --steps 30 --seed 5`, { cwd });
  expect(format).toBe('descent-runs/1');
  expect(claims).toHaveLength(3);
  expect(claims[0].evidence).toMatchObject({ seeds: 3 });
  expect(Object.keys(claims[0].evidence).some((name) => name.endsWith('Low'))).toBe(true);
  expect(finals.Adam.testAccuracy.values).toHaveLength(3);
  expect(finals.Adam.testAccuracy.low).toBeLessThanOrEqual(finals.Adam.testAccuracy.mean);
  expect(records.map(({ seed }: { seed: number }) => seed)).toEqual([4, 5, 6]);
  expect(readRecord('seeds/seed-5').digest).toBe(JSON.parse(single.stdout).digest);
  expect(existsSync(join(cwd, 'seeds', 'lock'))).toBe(false);
});
