// `--print-config` writes what `--config` reads; what is typed overrides the file.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Experiment, experiments, type Option } from '@descent/experiments';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Exit } from '../src/errors.ts';
import { configOf, newRequest, type RunFlags } from '../src/run/request.ts';
import { descent, scratch } from './descent.ts';

const cwd = scratch();
const file = join(cwd, 'config.json');

function valuesOf(option: Option): fc.Arbitrary<unknown> {
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

const optionsOf = ({ options }: Experiment) =>
  fc.record(Object.fromEntries(Object.entries(options).map(([name, option]) => [name, valuesOf(option).map(String)])), {
    requiredKeys: [],
  });

const settings = fc.record(
  {
    seed: fc.integer({ min: 0, max: 1_000 }).map(String),
    seeds: fc.integer({ min: 1, max: 3 }).map(String),
    out: fc.constantFrom('a', 'with space/"quoted"', '한국어'),
    data: fc.constantFrom('mnist', 'my digits'),
  },
  { requiredKeys: [] },
);

const requestOf = (experiment: Experiment, flags: object) => {
  const { open: _, ...request } = newRequest(experiment, { lang: 'en', ...flags } as RunFlags);
  return request;
};

test.for(experiments.map((experiment) => [experiment.name, experiment] as const))(
  '%s: the run of a printed file is the run of the flags',
  ([, experiment]) => {
    const property = fc.property(optionsOf(experiment), settings, (options, others) => {
      const flags = { ...options, ...others };
      let config: string;
      let wanted: ReturnType<typeof requestOf>;
      try {
        config = configOf(experiment, { lang: 'en', ...flags } as unknown as RunFlags);
        wanted = requestOf(experiment, flags);
      } catch (error) {
        // Some options make no sense together.
        expect(error).toBeInstanceOf(Exit);
        return;
      }
      writeFileSync(file, config);
      expect(requestOf(experiment, { config: file })).toEqual(wanted);
      expect(configOf(experiment, { lang: 'en', config: file } as RunFlags)).toBe(config);
    });
    fc.assert(property, { numRuns: 30 });
  },
);

describe('descent run --config', () => {
  const naive = 'run optimizer_compare_naive';
  const write = (name: string, json: unknown) => writeFileSync(join(cwd, name), JSON.stringify(json));

  test('takes seeds, jobs, out and data; the command line overrides them', async () => {
    write('all.json', { steps: 3, seed: 4, seeds: 2, jobs: 1, out: 'from-file', data: 'mnist' });
    const { stdout, code } = await descent(`${naive} --config all.json --quiet --json`, { cwd });
    expect(code).toBe(0);
    expect(JSON.parse(stdout).records.map(({ seed }: { seed: number }) => seed)).toEqual([4, 5]);
    expect((await descent('verify from-file --quiet', { cwd })).code).toBe(0);
    const typed = await descent(`${naive} --config all.json --seeds 1 --seed 9 --out typed --steps 2 --quiet --json`, {
      cwd,
    });
    expect(JSON.parse(typed.stdout)).toMatchObject({ seed: 9, options: { steps: 2 } });
    expect((await descent('verify typed --quiet', { cwd })).code).toBe(0);
  });

  test('`--print-config` runs nothing and prints what was given', async () => {
    const { stdout, stderr, code } = await descent(`${naive} --steps 7 --seeds 3 --jobs 2 --out x --print-config`, {
      cwd,
    });
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ seed: 1, seeds: 3, jobs: 2, out: 'x', steps: 7, sgdLr: 0.95 });
    expect(stderr).toBe('');
  });

  test.for([
    [{ seeds: 0 }, /--seeds to be a whole number from 1/],
    [{ seeds: null }, /--seeds to be a whole number from 1 .* but got null/],
    [{ jobs: 'two' }, /--jobs to be a whole number/],
    [{ seed: 1.5 }, /--seed to be a whole number/],
    [{ out: 3 }, /expected out to be a path but got 3/],
    [{ data: ['mnist'] }, /expected data to be a path but got \["mnist"\]/],
    [{ out: ' ' }, /expected out to be a path but got " "/],
    [{ variant: 'scalar' }, /--variant is for the command line only/],
    [{ stepz: 3 }, /stepz.* is not an option of this experiment; did you mean/],
  ] as const)('%j is refused', async ([json, message], { task }) => {
    write(`${task.id}.json`, json);
    const { code, stderr, stdout } = await descent(`${naive} --config ${task.id}.json --print-config`, { cwd });
    expect(stderr).toMatch(message);
    expect([code, stdout]).toEqual([2, '']);
  });
});
