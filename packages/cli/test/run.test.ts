// Runs: exit codes of results, folders that are never written over, and the same bits however the arms are spread.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { descent, scratch, start } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';

const cwd = scratch();
writeFiles(join(cwd, 'tiny'), goodFiles());
const naive = 'run optimizer_compare_naive --quiet --json';
const tiny = 'run optimizer_compare_mnist --data tiny --hidden-sizes 8 --batch-size 16 --quiet --json';

const recordOf = (folder: string) => JSON.parse(readFileSync(join(cwd, folder, 'run.json'), 'utf8'));

test('one arm diverges: the record says where, and the others go on', async () => {
  const { code, stdout } = await descent(`${tiny} --steps 20 --hidden-sizes 8x32 --batch-size 128 --sgd-lr 1000`, {
    cwd,
  });
  const { arms } = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(arms[0]).toMatchObject({ name: 'SGD', status: 'diverged' });
  expect(arms[0].divergence.step).toBeGreaterThan(0);
  expect(arms[1].status).toBe('finished');
});

test('every arm diverges: 4', async () => {
  const { code, stdout, stderr } = await descent(`${tiny} --steps 5 --hidden-sizes 8x32 --init normal --init-std 100`, {
    cwd,
  });
  expect(code).toBe(4);
  expect(stderr).toMatch(
    /diverged in every arm: SGD diverged at step 1 \(Linear, [^)]+\); Momentum diverged at .*; Adam diverged/,
  );
  expect(JSON.parse(stdout).arms).toHaveLength(4);
});

test('a diverged arm is told with its step, layer and tensor', async () => {
  const flags = '--steps 20 --hidden-sizes 8x32 --batch-size 128 --sgd-lr 1000'.split(' ');
  const { whenEnded } = start([...tiny.split(' ').filter((flag) => flag !== '--json'), ...flags], { cwd });
  expect((await whenEnded).stdout).toMatch(/SGD .*diverged at step \d+ \(\w+, \d+\.[\w.]+\)/);
});

test.for([
  ['--steps 1 --check-claims', 6],
  ['--steps 1 --check-claims --seeds 2', 6],
  ['--check-claims --seeds 2', 0],
  ['--steps 1', 0],
  ['--check-claims', 0],
] as const)('claims: %s', async ([flags, expected]) => {
  const { code, stdout, stderr } = await descent(`${naive} ${flags}`, { cwd });
  expect(code).toBe(expected);
  expect(JSON.parse(stdout).claims.length).toBeGreaterThan(0);
  expect(stderr).toBe(expected === 0 ? '' : 'error: does not hold: sgd-zigzags\n');
});

test('the printed record is the one on disk', async () => {
  const { stdout } = await descent(`${naive} --out here`, { cwd });
  expect(readFileSync(join(cwd, 'here', 'run.json'), 'utf8')).toBe(stdout);
});

test('nothing is written over', async () => {
  const before = await descent(`${naive} --seed 11 --out once`, { cwd });
  const again = await descent(`${naive} --seed 12 --out once`, { cwd });
  expect(again.code).toBe(2);
  expect(again.stderr).toMatch(/--out once already holds a run/);
  expect(readFileSync(join(cwd, 'once', 'run.json'), 'utf8')).toBe(before.stdout);
});

test('without --out every run has a folder of its own', async () => {
  const runs = await Promise.all([1, 2, 3].map(() => descent(`${naive} --seed 21`, { cwd })));
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
  for (const folder of ['', '-2', '-3']) expect(recordOf(`runs/optimizer_compare_naive-seed21${folder}`).seed).toBe(21);
});

test('two runs into one folder at once: one is refused', async () => {
  const runs = await Promise.all([1, 2].map(() => descent(`${tiny} --steps 400 --out both`, { cwd })));
  expect(runs.map(({ code }) => code).sort()).toEqual([0, 2]);
  expect(runs.map(({ stderr }) => stderr).join('')).toMatch(/another run is writing to both|already holds a run/);
  expect(recordOf('both').arms).toHaveLength(4);
});

test('--config is read beneath the flags', async () => {
  writeFileSync(join(cwd, 'options.json'), '{"steps": 5, "sgdLr": 0.5, "seed": 9}');
  const { stdout } = await descent(`${naive} --config options.json --sgd-lr 0.25`, { cwd });
  expect(JSON.parse(stdout)).toMatchObject({ seed: 9, options: { steps: 5, sgdLr: 0.25 } });
});

test('the same bits with 1, 2 and 4 threads, and with every variant', async () => {
  const ways = ['--jobs 1', '--jobs 2', '--jobs 4', '--variant scalar', '--variant reference --jobs 2'];
  const runs = await Promise.all(ways.map((way) => descent(`${tiny} --steps 60 --seed 3 ${way}`, { cwd })));
  const [first, ...others] = runs.map(({ stdout }) => JSON.parse(stdout));
  for (const other of others) {
    expect(other.digest).toBe(first.digest);
    expect(other.arms).toEqual(first.arms);
    expect(other.claims).toEqual(first.claims);
  }
});

test('--seeds: a record a seed, and verdicts on all', async () => {
  const { code, stdout } = await descent(`${tiny} --steps 30 --seed 4 --seeds 3 --jobs 2 --out seeds`, { cwd });
  const { format, records, claims, finals } = JSON.parse(stdout);
  const single = await descent(`${tiny} --steps 30 --seed 5`, { cwd });
  expect(code).toBe(0);
  expect(format).toBe('descent-runs/1');
  expect(claims).toHaveLength(3);
  expect(claims[0].evidence).toMatchObject({ seeds: 3 });
  expect(Object.keys(claims[0].evidence).some((name) => name.endsWith('Low'))).toBe(true);
  expect(finals.Adam.testAccuracy.values).toHaveLength(3);
  expect(finals.Adam.testAccuracy.low).toBeLessThanOrEqual(finals.Adam.testAccuracy.mean);
  expect(records.map(({ seed }: { seed: number }) => seed)).toEqual([4, 5, 6]);
  expect(recordOf('seeds/seed-5').digest).toBe(JSON.parse(single.stdout).digest);
  expect(existsSync(join(cwd, 'seeds', 'lock'))).toBe(false);
});
