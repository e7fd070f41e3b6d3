// Every option of every experiment at its minimum and maximum, alone and in random combinations. `npm run sweep` runs
// all cases, a normal test run a sample; RANDOM_RUNS=300 runs more combinations.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Experiment, experiments, type Option, type OptionValue, toFlag } from '@descent/experiments';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binary, descent, scratch } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';

/** Milliseconds for a run and its replay. */
const LIMIT = 300_000;
/** Options that make a run short, unless they are swept. */
const SHORT = { steps: 3, epochs: 3, trials: 3, scales: 2, samples: 100, testSamples: 100, probeEvery: 1 };
/** Options whose maximum only takes more time. */
const LENGTHS = ['steps', 'epochs', 'trials'];
/**
 * Cases that do not run, their messages, and their exit codes, by default 2. Windows of 5 × 5 fit into 28 × 28 pixels
 * twice.
 */
const REFUSED: readonly (readonly [name: RegExp, message: RegExp, code?: 3])[] = [
  [/ --classes 2$/, /--classes/, 3],
  [/^hyperparameter_optimization --train-samples 1$/, /--validation-share .*--train-samples/],
  [/-sizes 4096x32$/, /memory/],
  [/ --channels (1|256)x3$/, /--channels .* with --kernel-size 5/],
  [/ --lr-(low (0|1|5)|high -30)$/, /--lr-low .*--lr-high/],
  [/ --weight-decay-(low (0|1|5)|high -30)$/, /--weight-decay-low .*--weight-decay-high/],
];

type Values = Readonly<Record<string, OptionValue>>;
const unique = (values: readonly number[]) => [...new Set(values)];

function listValues(name: string, option: Option): OptionValue[] {
  switch (option.kind) {
    case 'int':
    case 'float':
      // 0 often means never or none; 1 is the smallest value with an effect.
      return unique([
        option.min,
        ...(option.min === 0 && option.max > 1 ? [1] : []),
        LENGTHS.includes(name) ? 3 : option.max,
      ]);
    case 'enum':
      return [...option.choices];
    case 'boolean':
      return [true, false];
    case 'names':
      return [...option.choices.map((choice) => [choice]), option.choices];
    case 'ints': {
      const { min, max, minLength, maxLength } = option;
      return unique([minLength, 1, 2, maxLength]).flatMap((length) =>
        (length === 0 ? [min] : [min, max]).map((size) => new Array<number>(length).fill(size)),
      );
    }
  }
}

const toFlags = (values: Values) =>
  Object.entries(values).flatMap(([name, value]) => [toFlag(name), String(value) === '' ? 'none' : String(value)]);

/** Creates the case in which some options have values, in a run of three steps. */
function createCase({ name: experiment, options }: Experiment, swept: Values) {
  // Wide layers take minutes per batch of the usual size.
  const isWide = Object.values(swept).flat().includes(4_096);
  const size = Number(swept.batchSize ?? swept.trainSamples ?? (isWide ? 10 : 100));
  const small = Object.entries(SHORT).filter(([name]) => Object.hasOwn(options, name));
  const rest = {
    ...Object.fromEntries(small),
    ...('batchSize' in options && isWide && { batchSize: 10 }),
    ...('epochs' in options && { trainSamples: Math.max(10, size), batchSize: Math.min(4_096, size) }),
    ...('epochs' in options && 'trainSamples' in swept && { epochs: 1 }),
  };
  const repeated = /(\d+)((?:,\1)+)(?= |$)/g;
  const shortened = toFlags(swept)
    .join(' ')
    .replace(repeated, (all, number) => `${number}x${all.split(',').length}`);
  return { name: `${experiment} ${shortened}`, args: [experiment, ...toFlags({ ...rest, ...swept })] };
}

const all = experiments.flatMap((experiment) =>
  Object.entries(experiment.options).flatMap(([name, option]) =>
    listValues(name, option).map((value) => createCase(experiment, { [name]: value })),
  ),
);
/** About one case of each experiment, and those of one that are refused. */
const sample = all.filter(
  ({ name }, index) => index % 97 === 0 || /^optimizer_compare_mnist --(hidden-sizes 4096x32|classes 2)$/.test(name),
);
const cases = process.env.DESCENT_SWEEP === 'all' ? all : sample;
const folder = scratch();

/** Runs the built command in a thread: several can run at the same time, and a crash does not end the tests. */
function runThread(...argv: string[]): Promise<{ code: number; stderr: string }> {
  const thread = new Worker(binary, { argv, stdout: true, stderr: true });
  let stderr = '';
  thread.stderr.on('data', (text: Buffer) => (stderr += text));
  thread.stdout.resume();
  return new Promise((resolve, reject) => {
    thread.on('error', reject);
    thread.on('exit', (code) => resolve({ code, stderr }));
  });
}

test.each(cases.map(({ name, args }, index) => [name, args, index] as const))(
  '%s',
  { timeout: 2 * LIMIT },
  async (name, args, index) => {
    const out = join(folder, String(index));
    const run = await runThread('run', ...args, '--jobs', '1', '--quiet', '--out', out);
    const refusal = REFUSED.find(([pattern]) => pattern.test(name));
    if (refusal) {
      const [, message, code = 2] = refusal;
      expect(run).toEqual({ code, stderr: expect.stringMatching(message) });
      return expect(existsSync(out)).toBe(false);
    }
    // 4: training diverged in every arm, which is a complete record.
    expect([0, 4], run.stderr).toContain(run.code);
    const verified = await runThread('verify', out, '--jobs', '1', '--quiet');
    expect(verified, verified.stderr).toMatchObject({ code: 0 });
  },
);

writeFiles(join(folder, 'digits'), goodFiles({ train: 60, test: 20, side: 28 }));
writeFiles(join(folder, 'small'), goodFiles({ train: 3, test: 2, side: 5 }));

/** Options that decide how long a run takes, so that the largest values of the sweep take too long. */
const SIZES = /^(steps|epochs|trials|scales|inputs|bins|channels|rows)$|samples|size/i;

function arbitraryFlags({ options }: Experiment): fc.Arbitrary<string[]> {
  const flags = Object.entries(options).map(([name, option]) => {
    const isShort = (value: OptionValue) => [value].flat().every((each) => Number(each) <= 60);
    const values = listValues(name, option).filter((value) => !SIZES.test(name) || isShort(value));
    const flag = fc.constantFrom(...(values.length > 0 ? values : [3])).map((value) => toFlags({ [name]: value }));
    return SIZES.test(name) ? flag : fc.option(flag, { nil: [] });
  });
  return fc.tuple(...flags).map((all) => all.flat());
}

const numRuns = Number(process.env.RANDOM_RUNS ?? 40);

test(`${numRuns} runs with random options end with 0, 2, 3, 4 or 6`, { timeout: 2 * LIMIT }, async () => {
  const calls = fc
    .tuple(fc.constantFrom(...experiments), fc.constantFrom('digits', 'digits', 'small'))
    .chain(([experiment, data]) =>
      arbitraryFlags(experiment).map((flags) => [experiment.name, '--data', data, ...flags]),
    );
  let count = 0;
  const property = fc.asyncProperty(calls, async (args) => {
    const out = `random-${count++}`;
    const { code, stderr } = await descent(['run', ...args, '--out', out, '--quiet', '--check-claims'], {
      cwd: folder,
    });
    expect([0, 2, 3, 4, 6], stderr).toContain(code);
    if (code === 2 || code === 3) expect(existsSync(join(folder, out))).toBe(false);
  });
  await fc.assert(property, { numRuns, seed: 13, endOnFailure: true });
});
