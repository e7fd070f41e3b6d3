// Weights that a run leaves: which runs, under which names, and the same bytes however it came to its end.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ArmSpec,
  type FinalState,
  findExperiment,
  imagesFrom,
  loadDevice,
  parseRecord,
  Training,
} from '@descent/experiments';
import { readCheckpoint, writeCheckpoint } from '@descent/experiments/formats';
import { expect, test } from 'vitest';
import { sha256 } from '../src/builtin.ts';
import { findData, readImageFiles } from '../src/data/data.ts';
import { fileNameOf } from '../src/store/weights.ts';
import { descent, scratch, start } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';

const cwd = scratch();
writeFiles(join(cwd, 'tiny'), goodFiles());
const tiny = 'run optimizer_compare_mnist --data tiny --hidden-sizes 8 --batch-size 16 --steps 20 --quiet --json';
const files = ['AdaGrad', 'Adam', 'Momentum', 'SGD'].map((arm) => `${arm}.safetensors`);

const weightsIn = (folder: string) => {
  const checkpoints = join(cwd, folder, 'checkpoints');
  const names = existsSync(checkpoints) ? readdirSync(checkpoints).sort() : [];
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(checkpoints, name)).toString('base64')]));
};

test('a run of a few arms leaves the weights of each, the same with one thread and with two', async () => {
  await Promise.all([1, 2].map((jobs) => descent(`${tiny} --jobs ${jobs} --out jobs-${jobs}`, { cwd })));
  expect(Object.keys(weightsIn('jobs-1'))).toEqual(files);
  expect(weightsIn('jobs-2')).toEqual(weightsIn('jobs-1'));
});

test.for([
  ['--checkpoints none', 0],
  ['--checkpoints all', 4],
  ['--seeds 2', 0],
] as const)('%s', async ([flags, expected]) => {
  const folder = flags.replaceAll(/\W/g, '');
  const { code } = await descent(`${tiny} ${flags} --out ${folder}`, { cwd });
  expect(code).toBe(0);
  expect(Object.keys(weightsIn(folder))).toHaveLength(expected);
  if (flags === '--seeds 2') expect(Object.keys(weightsIn(join(folder, 'seed-1')))).toEqual(files);
});

test('a search of many trials leaves none unless it is told to', async () => {
  const search = 'run hyperparameter_optimization --data tiny --trials 17 --epochs 1 --hidden-sizes 4 --quiet --json';
  await descent(`${search} --out many`, { cwd });
  expect(weightsIn('many')).toEqual({});
});

test('an experiment without networks leaves none', async () => {
  await descent('run optimizer_compare_naive --quiet --json --checkpoints all --out naive', { cwd });
  expect(weightsIn('naive')).toEqual({});
});

test('a diverged arm leaves none', async () => {
  await descent(`${tiny} --hidden-sizes 8x32 --batch-size 128 --sgd-lr 1000 --out diverged`, { cwd });
  expect(Object.keys(weightsIn('diverged'))).toEqual(files.filter((name) => name !== 'SGD.safetensors'));
});

test('killed, every arm that ended has its weights; resumed, the run leaves those of one go', async () => {
  const long = `${tiny} --steps 2000 --hidden-sizes 24 --checkpoint-every 0.03`;
  const whole = descent(`${long} --out whole`, { cwd });
  const run = start(`${long} --jobs 1 --out killed`.split(' '), { cwd });
  const journal = join(cwd, 'killed', 'journal.jsonl');
  const ended = () =>
    existsSync(journal)
      ? readFileSync(journal, 'utf8')
          .split('\n')
          .filter((line) => line.includes('"kind":"arm"'))
      : [];
  while (ended().length === 0 && run.child.exitCode === null) await sleep(5);
  run.child.kill('SIGKILL');
  await run.whenEnded;
  const arms = ended().map((line) => `${JSON.parse(line).record.name}.safetensors`);
  expect(Object.keys(weightsIn('killed'))).toEqual(expect.arrayContaining(arms));
  await descent('run --resume killed --quiet --json', { cwd });
  await whole;
  expect(weightsIn('killed')).toEqual(weightsIn('whole'));
  expect(Object.keys(weightsIn('killed'))).toEqual(files);
});

/** Goes on with an arm in this process from the file that another left. @returns the file of its end */
async function trainedOn(file: string, target: string): Promise<Uint8Array> {
  const record = parseRecord(readFileSync(join(cwd, target, 'run.json'), 'utf8'));
  const experiment = findExperiment(record.experiment);
  const arm = basename(file, '.safetensors');
  const spec = experiment.arms(record.options as never, record.seed).find(({ name }) => name === arm) as ArmSpec;
  const device = await loadDevice({ variant: 'scalar' });
  const data = imagesFrom(device, readImageFiles(findData(join(cwd, 'tiny'))), { sha256 });
  const checkpoint = readCheckpoint(readFileSync(join(cwd, file)), spec, file, sha256);
  const training = new Training(spec, { device, data, sha256 }, checkpoint);
  for (const _ of training.run());
  const { descent = '' } = record.environment as { descent?: string };
  // The file says what made it.
  return writeCheckpoint(spec, training.finalState() as FinalState, { ...record, descent }, sha256);
}

test.each(files)('%s of a process of 20 steps, trained for 20 more in another, is that of one of 40', async (name) => {
  for (const steps of [20, 40]) {
    if (existsSync(join(cwd, `steps-${steps}`))) continue;
    await descent(`${tiny.replace('--steps 20', `--steps ${steps}`)} --out steps-${steps}`, { cwd });
  }
  const expected = readFileSync(join(cwd, 'steps-40', 'checkpoints', name));
  expect(expected.equals(await trainedOn(join('steps-20', 'checkpoints', name), 'steps-40'))).toBe(true);
});

test('what --checkpoints said holds when the run is resumed', async () => {
  const long = `${tiny} --steps 4000 --hidden-sizes 24 --checkpoint-every 0.03 --checkpoints none`;
  const run = start(`${long} --jobs 1 --out without`.split(' '), { cwd });
  while (!existsSync(join(cwd, 'without', 'journal.jsonl')) && run.child.exitCode === null) await sleep(5);
  await sleep(150);
  run.child.kill('SIGINT');
  await run.whenEnded;
  const { code, stdout } = await descent('run --resume without --quiet --json', { cwd });
  expect(code).toBe(0);
  expect(JSON.parse(stdout).environment).not.toHaveProperty('checkpoints');
  expect(weightsIn('without')).toEqual({});
});

test('a policy that is none', async () => {
  const { code, stderr } = await descent(`${tiny} --checkpoints some`, { cwd });
  expect(code).toBe(2);
  expect(stderr).toMatch(/--checkpoints .*auto, all, none/);
});

test.each([
  ['Adam', 'Adam'],
  ['batch norm, w 0.01', 'batch%20norm%2C%20w%200.01'],
  ['..', '..'],
  ['../../x', '..%2F..%2Fx'],
  ['a\\b:c*?', 'a%5Cb%3Ac%2A%3F'],
  ['\0', '%00'],
  ['가', '%EA%B0%80'],
  ['%41', '%2541'],
  ['con', '%63on'],
  ['NUL.txt', '%4eUL.txt'],
  ['x'.repeat(300), `${'x'.repeat(100)}-`],
])('the file of %j is %s', (arm, name) => {
  const file = fileNameOf(arm);
  expect(file.startsWith(name)).toBe(true);
  expect(file).toMatch(arm.length > 200 ? /^x{100}-[0-9a-f]{16}$/ : /^[\w.~%-]+$/);
});
