// The table of a search is the same with any number of threads, after a kill, and from a journal cut anywhere.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { descent, scratch, start } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';

const cwd = scratch();
writeFiles(join(cwd, 'tiny'), goodFiles());
const small =
  'run hyperparameter_optimization --data tiny --space optimizer --trials 14 --round-size 5 --epochs 9 --first-rung 2 ' +
  '--hidden-sizes 8x2 --train-samples 60 --batch-size 10 --quiet --json';

/** All of a record but where and when it was made. */
function tableOf(stdout: string): unknown {
  const { environment: _, elapsedSeconds: __, ...table } = JSON.parse(stdout);
  return table;
}

// Every sampler with every number of jobs and every order is played in experiments/test/search/study.test.ts; here processes run.
describe.each([
  ['random', 'none', 2],
  ['grid', 'median', 4],
  ['sobol', 'halving', 2],
  ['narrowing', 'median', 4],
  ['tpe', 'halving', 2],
])('--sampler %s --pruner %s', (sampler, pruner, jobs) => {
  const run = `${small} --sampler ${sampler} --pruner ${pruner}`;
  const folder = `${sampler}-${pruner}`;
  let whole: Promise<unknown> | undefined;
  const wholeTable = () => {
    whole ??= descent(`${run} --jobs 1 --out ${folder}`, { cwd }).then(({ stdout }) => tableOf(stdout));
    return whole;
  };

  test(`--jobs ${jobs}`, async () => {
    const { stdout } = await descent(`${run} --jobs ${jobs} --out ${folder}-${jobs}`, { cwd });
    expect(tableOf(stdout)).toEqual(await wholeTable());
  });

  test('kill -9, then --resume', async () => {
    const killed = `${folder}-killed`;
    const process = start(`${run} --jobs 2 --checkpoint-every 0.01 --out ${killed}`.split(' '), { cwd });
    while (!existsSync(join(cwd, killed, 'journal.jsonl'))) await sleep(2);
    await sleep(80);
    process.child.kill('SIGKILL');
    await process.whenEnded;
    const { stdout } = await descent(`run --resume ${killed} --quiet --json`, { cwd });
    expect(tableOf(stdout)).toEqual(await wholeTable());
  });

  test('a journal cut in the middle', async () => {
    const table = await wholeTable();
    const journal = readFileSync(join(cwd, folder, 'journal.jsonl'));
    const cut = join(cwd, `${folder}-cut`);
    mkdirSync(cut);
    writeFileSync(join(cut, 'journal.jsonl'), journal.subarray(0, Math.floor(journal.length * 0.55)));
    const { stdout } = await descent(`run --resume ${cut} --quiet --json`, { cwd });
    expect(tableOf(stdout)).toEqual(table);
    // What had ended is not run again: its line is there once.
    const lines = readFileSync(join(cut, 'journal.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line.includes('"kind":"arm"'));
    const names = lines.map((line) => JSON.parse(line).record.name);
    expect(new Set(names).size).toBe(names.length);
  });
});

test('a search that narrows shows its rounds and its best, and says on stderr where its best touches an edge, again when resumed', async () => {
  const flags = '--lr-low -3 --lr-high -2.9 --sampler narrowing --keep 0.5 --space book';
  const run = small.replace(/ --space optimizer| --quiet| --json/g, '');
  const whole = await descent(`${run} ${flags} --out rounds`, { cwd });
  const resumed = await descent('run --resume rounds', { cwd });
  for (const { stdout, stderr } of [whole, resumed]) {
    expect(stdout).toMatch(
      /\n +round +learning rate +weight decay +kept +best so far\n +1 +0\.001 – 0\.00126 +1e-8 – 1e-4 +\d of 5/,
    );
    expect(stdout).toMatch(/\n +rank +trial +round +validation accuracy +learning rate +weight decay\n +1 /);
    for (const [, flag] of stderr.matchAll(/better ones may lie beyond\. Widen it with (--\S+ -?[\d.]+)\./g))
      expect(['--lr-low -4', '--lr-high -1.9', '--weight-decay-low -9', '--weight-decay-high -3']).toContain(flag);
    expect(stdout).not.toMatch(/better ones may lie beyond/);
  }
  const edges = (stderr: string) => stderr.split('\n').filter((line) => line.includes('better ones may lie beyond'));
  expect(edges(resumed.stderr)).toEqual(edges(whole.stderr));
});

test('a sampler that had no round to learn from says so on stderr', async () => {
  const run = small.replace(' --quiet --json', '').replace('--round-size 5', '--round-size 14');
  const { stderr } = await descent(`${run} --sampler tpe --out one-round`, { cwd });
  expect(stderr).toMatch(/All 14 trials .*random.*--round-size/);
});

test('settings that make no sense together: 2', async () => {
  const { code, stderr } = await descent(`${small} --pruner median --evaluate-every 3`, { cwd });
  expect(stderr).toMatch(/--first-rung must be at least --evaluate-every/);
  expect(code).toBe(2);
  const reversed = await descent(`${small} --lr-low -1`, { cwd });
  expect(reversed.stderr).toMatch(/--lr-low must be at most --lr-high/);
  expect(reversed.code).toBe(2);
});
