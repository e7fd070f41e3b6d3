// Runs with random options, often at the ends of their ranges, end as designed, never with an internal error.
// RANDOM_RUNS=300 npx vitest run packages/cli/test/random-options.test.ts tries more of them.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Experiment, experiments, type Option, toFlag } from '@descent/experiments';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { descent, scratch } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';

const cwd = scratch();
writeFiles(join(cwd, 'digits'), goodFiles({ train: 60, test: 20, side: 28 }));
writeFiles(join(cwd, 'small'), goodFiles({ train: 3, test: 2, side: 5 }));

/** Values of options that decide how long a run takes. */
const short: Readonly<Record<string, readonly unknown[]>> = {
  steps: [1, 2],
  epochs: [1, 2],
  trials: [1, 3],
  scales: [1, 2],
  inputs: [1, 50],
  samples: [1, 50],
  bins: [2, 1_000],
  trainSamples: [1, 2, 3, 60],
  testSamples: [1, 1_000_000],
  batchSize: [1, 2, 61],
  batchSizes: ['1', '61,1,1'],
  hiddenSizes: ['none', '', '1', '1x32', '7,3'],
  perceptronSizes: ['none', '9'],
  hiddenSize: [1, 5],
  channels: ['1', '2,2', '3,3,3'],
};
const required = ['steps', 'epochs', 'trials', 'scales', 'samples', 'trainSamples', 'hiddenSizes', 'hiddenSize'];

function listValues(name: string, option: Option): readonly unknown[] {
  if (short[name]) return short[name];
  if (option.kind === 'enum' || option.kind === 'names') return option.choices;
  if (option.kind === 'boolean' || option.kind === 'ints') return [option.default];
  const { min, max } = option;
  return option.kind === 'int' ? [min, max] : [min, max, (min + max) / 2, Math.max(min, 1e-45), Math.max(min, 1e-50)];
}

function arbitraryFlags({ options }: Experiment): fc.Arbitrary<string[]> {
  const flags = Object.entries(options).map(([name, option]) => {
    const flag = fc.constantFrom(...listValues(name, option)).map((value) => `${toFlag(name)}=${value}`);
    return required.includes(name) ? flag : fc.option(flag, { nil: '' });
  });
  return fc.tuple(...flags).map((all) => all.filter((flag) => flag !== ''));
}

const calls = fc
  .constantFrom(...experiments)
  .chain((experiment) =>
    fc.tuple(fc.constant(experiment.name), fc.constantFrom('digits', 'digits', 'small'), arbitraryFlags(experiment)),
  );

const numRuns = Number(process.env.RANDOM_RUNS ?? 40);

test(`${numRuns} runs with random options end with 0, 2, 3, 4 or 6`, async () => {
  let count = 0;
  const property = fc.asyncProperty(calls, async ([experiment, data, flags]) => {
    const out = `run-${count++}`;
    const args = ['run', experiment, ...flags, '--out', out, '--data', data, '--quiet', '--check-claims'];
    const { code, stderr } = await descent(args, { cwd });
    expect([0, 2, 3, 4, 6], stderr).toContain(code);
    if (code === 2 || code === 3) expect(existsSync(join(cwd, out))).toBe(false);
  });
  await fc.assert(property, { numRuns, seed: 13, endOnFailure: true });
}, 600_000);
