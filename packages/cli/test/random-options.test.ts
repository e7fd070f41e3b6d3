// Random options of every experiment, at the ends of their ranges: each run ends well or is refused, never by an internal error.
// RANDOM_RUNS=300 npx vitest run packages/cli/test/random-options.test.ts tries more than a usual test run does.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Experiment, experiments, type Option } from '@descent/experiments';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { Exit } from '../src/errors.ts';
import { inOurWords } from '../src/program.ts';
import { perform } from '../src/run/perform.ts';
import { newRequest, type RunFlags } from '../src/run/request.ts';
import { scratch } from './descent.ts';
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
const always = ['steps', 'epochs', 'trials', 'scales', 'samples', 'trainSamples', 'hiddenSizes', 'hiddenSize'];

function valuesOf(name: string, option: Option): readonly unknown[] {
  if (short[name]) return short[name];
  if (option.kind === 'enum' || option.kind === 'names') return option.choices;
  if (option.kind === 'boolean' || option.kind === 'ints') return [option.default];
  const { min, max } = option;
  return option.kind === 'int' ? [min, max] : [min, max, (min + max) / 2, Math.max(min, 1e-45), Math.max(min, 1e-50)];
}

function optionsOf({ options }: Experiment) {
  const fields = Object.entries(options).map(([name, option]) => {
    const value = fc.constantFrom(...valuesOf(name, option));
    return [name, always.includes(name) ? value : fc.option(value, { nil: undefined })] as const;
  });
  return fc.record(Object.fromEntries(fields));
}

const calls = fc
  .constantFrom(...experiments)
  .chain((experiment) =>
    fc.tuple(fc.constant(experiment), fc.constantFrom('digits', 'digits', 'small'), optionsOf(experiment)),
  );

const numRuns = Number(process.env.RANDOM_RUNS ?? 40);

test(`${numRuns} runs with random options end with 0, 2, 3, 4 or 6`, async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  let run = 0;
  const property = fc.asyncProperty(calls, async ([experiment, data, options]) => {
    const out = join(cwd, `run-${run++}`);
    const typed = Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [[name, `${value}`]]));
    const place = { out, data: join(cwd, data), jobs: '1', quiet: true, lang: 'en', checkClaims: true };
    const flags = { ...Object.fromEntries(typed), ...place } as unknown as RunFlags;
    try {
      await perform(newRequest(experiment, flags), flags);
    } catch (thrown) {
      const error = inOurWords(thrown, []);
      if (!(error instanceof Exit)) throw thrown;
      expect([2, 3, 4, 6]).toContain(error.code);
      if (error.code < 4) expect(existsSync(out)).toBe(false);
    }
  });
  await fc.assert(property, { numRuns, seed: 13, endOnFailure: true });
  vi.restoreAllMocks();
}, 600_000);
