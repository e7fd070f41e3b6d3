// `--print-config` prints what `--config` reads; command-line options override the file.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Experiment, experiments, type Option } from '@descent/experiments';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Exit } from '../src/exit.ts';
import { formatConfig, planRun, type RunFlags } from '../src/run/plan.ts';
import { descent, scratch } from './descent.ts';

const cwd = scratch();
const file = join(cwd, 'config.json');
const naive = 'run optimizer_compare_naive';
const write = (name: string, json: unknown) => writeFileSync(join(cwd, name), JSON.stringify(json));

function arbitraryValue(option: Option): fc.Arbitrary<unknown> {
  switch (option.kind) {
    case 'enum':
      return fc.constantFrom(...option.choices);
    case 'names':
      return fc.subarray([...option.choices], { minLength: 1 });
    case 'boolean':
      return fc.boolean();
    case 'int':
      return fc.integer(option);
    case 'float':
      return fc.double({ ...option, noNaN: true });
    case 'ints':
      return fc.array(fc.integer(option), option);
  }
}

const arbitraryFlags = ({ options }: Experiment) => {
  const values = Object.entries(options).map(([name, option]) => [name, arbitraryValue(option).map(String)]);
  const settings = {
    seed: fc.integer({ min: 0, max: 1_000 }).map(String),
    seeds: fc.integer({ min: 1, max: 3 }).map(String),
    out: fc.constantFrom('a', 'with space/"quoted"', '한국어'),
    data: fc.constantFrom('mnist', 'my digits'),
  };
  return fc.record({ ...Object.fromEntries(values), ...settings }, { requiredKeys: [] });
};

const plan = (experiment: Experiment, flags: object) => {
  const { runs, environment, jobs } = planRun(experiment, { lang: 'en', ...flags } as RunFlags);
  return { runs: runs.map(({ settings: { options, seed } }) => ({ options, seed })), environment, jobs };
};

test.for(experiments.map((experiment) => [experiment.name, experiment] as const))(
  '%s: the printed file plans the same run as the flags',
  ([, experiment]) => {
    const property = fc.property(arbitraryFlags(experiment), (flags) => {
      let config: string;
      let expected: ReturnType<typeof plan>;
      try {
        config = formatConfig(experiment, { lang: 'en', ...flags } as unknown as RunFlags);
        expected = plan(experiment, flags);
      } catch (error) {
        // Some options do not fit together.
        expect(error).toBeInstanceOf(Exit);
        return;
      }
      writeFileSync(file, config);
      expect(plan(experiment, { config: file })).toEqual(expected);
      expect(formatConfig(experiment, { lang: 'en', config: file } as RunFlags)).toBe(config);
    });
    fc.assert(property, { numRuns: 30 });
  },
);

test('`--config` sets seeds, jobs, out and data; the command line overrides them', async () => {
  write('all.json', { steps: 3, seed: 4, seeds: 2, jobs: 1, out: 'from-file', data: 'mnist' });
  const { stdout, code } = await descent(`${naive} --config all.json --quiet --json`, { cwd });
  expect(code).toBe(0);
  expect(JSON.parse(stdout).records.map(({ seed }: { seed: number }) => seed)).toEqual([4, 5]);
  expect((await descent('verify from-file --quiet', { cwd })).code).toBe(0);
  const flags = '--seeds 1 --seed 9 --out typed --steps 2 --sgd-lr 0.25';
  const typed = await descent(`${naive} --config all.json ${flags} --quiet --json`, { cwd });
  expect(JSON.parse(typed.stdout)).toMatchObject({ seed: 9, options: { steps: 2, sgdLr: 0.25 } });
});

test('`--print-config` runs nothing and prints the given settings', async () => {
  const flags = '--steps 7 --seeds 3 --jobs 2 --out x --print-config';
  const { stdout, stderr, code } = await descent(`${naive} ${flags}`, { cwd });
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toMatchObject({ seed: 1, seeds: 3, jobs: 2, out: 'x', steps: 7, sgdLr: 0.95 });
});

test.for([
  [{ seeds: 0 }, /--seeds to be a whole number from 1/],
  [{ out: 3 }, /expected out to be a path but got 3/],
  [{ variant: 'scalar' }, /--variant is for the command line only/],
  [{ stepz: 3 }, /stepz.* is not an option of this experiment; did you mean/],
] as const)('`--config` refuses %j', async ([json, message], { task }) => {
  write(`${task.id}.json`, json);
  const { code, stderr, stdout } = await descent(`${naive} --config ${task.id}.json --print-config`, { cwd });
  expect(stderr).toMatch(message);
  expect([code, stdout]).toEqual([2, '']);
});
