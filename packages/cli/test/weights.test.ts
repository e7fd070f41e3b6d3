// Weights of finished arms: which runs save them, under which names, and that training continues from them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, win32 } from 'node:path';
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
import { toFileName } from '../src/store/weights.ts';
import { descent, scratch, spawnDescent, start, until } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';

const cwd = scratch();
writeFiles(join(cwd, 'tiny'), goodFiles());
const tiny = 'run optimizer_compare_mnist --data tiny --hidden-sizes 8 --batch-size 16 --steps 20 --quiet --json';
const search = 'run hyperparameter_optimization --data tiny --trials 17 --epochs 1 --hidden-sizes 4 --quiet --json';
const files = ['AdaGrad', 'Adam', 'Momentum', 'SGD'].map((arm) => `${arm}.safetensors`);

const readWeights = (folder: string) => {
  const checkpoints = join(cwd, folder, 'checkpoints');
  const names = existsSync(checkpoints) ? readdirSync(checkpoints).sort() : [];
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(checkpoints, name)).toString('base64')]));
};

test.for([
  ['default', tiny, files],
  ['all', `${tiny} --checkpoints all`, files],
  ['none', `${tiny} --checkpoints none`, []],
  ['diverged', `${tiny} --hidden-sizes 8x32 --batch-size 128 --sgd-lr 1000`, files.slice(0, 3)],
  ['many', search, []],
  ['naive', 'run optimizer_compare_naive --quiet --json --checkpoints all', []],
] as const)('a run saves the weights of finished networks, %s', async ([folder, run, expected]) => {
  const runner = folder === 'many' ? spawnDescent : descent;
  expect((await runner(`${run} --out ${folder}`, { cwd })).code).toBe(0);
  expect(Object.keys(readWeights(folder))).toEqual(expected);
});

test('weights are the same with two threads and per seed', async () => {
  await spawnDescent(`${tiny} --jobs 2 --seeds 2 --out seeds`, { cwd });
  await descent(`${tiny} --out one`, { cwd });
  expect(readWeights('seeds/seed-1')).toEqual(readWeights('one'));
});

test('after a kill, each arm in the journal has its weights; a resumed run has those of an uninterrupted one', async () => {
  const long = `${tiny} --steps 2000 --hidden-sizes 24 --checkpoint-every 0.03`;
  const { child, whenEnded } = start(`${long} --jobs 1 --out killed`, { cwd });
  const journal = join(cwd, 'killed', 'journal.jsonl');
  const findEnded = () => {
    const lines = existsSync(journal) ? readFileSync(journal, 'utf8').split('\n') : [];
    return lines.filter((line) => line.includes('"kind":"arm"'));
  };
  await until(() => findEnded().length > 0 || child.exitCode !== null);
  child.kill('SIGKILL');
  await whenEnded;
  const arms = findEnded().map((line) => `${JSON.parse(line).record.name}.safetensors`);
  expect(Object.keys(readWeights('killed'))).toEqual(expect.arrayContaining(arms));
  await descent('run --resume killed --quiet --json', { cwd });
  await descent(`${long} --out whole`, { cwd });
  expect(readWeights('killed')).toEqual(readWeights('whole'));
});

test('`--checkpoints` also applies to the resumed run', async () => {
  const { child, whenEnded } = start(`${tiny} --steps 4000 --checkpoints none --jobs 1 --out without`, { cwd });
  await until(() => existsSync(join(cwd, 'without', 'journal.jsonl')) || child.exitCode !== null);
  child.kill('SIGINT');
  await whenEnded;
  const { stdout } = await descent('run --resume without --quiet --json', { cwd });
  expect(JSON.parse(stdout).environment).not.toHaveProperty('checkpoints');
  expect(readWeights('without')).toEqual({});
});

/** Continues an arm from its file, in this process. @returns the file of the longer run */
async function trainOn(file: string, target: string): Promise<Uint8Array> {
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
  return writeCheckpoint(spec, training.finalState() as FinalState, { ...record, descent }, sha256);
}

test('an arm of 20 steps, continued for 20 from its weights, is the arm of 40', async () => {
  for (const steps of [20, 40])
    await descent(`${tiny.replace('--steps 20', `--steps ${steps}`)} --out steps-${steps}`, { cwd });
  for (const name of files) {
    const expected = readFileSync(join(cwd, 'steps-40', 'checkpoints', name));
    expect(expected.equals(await trainOn(join('steps-20', 'checkpoints', name), 'steps-40')), name).toBe(true);
  }
});

test.each([
  ['batch norm, w 0.01', 'batch%20norm%2C%20w%200.01'],
  ['..', '..'],
  ['../../x', '..%2F..%2Fx'],
  ['가', '%EA%B0%80'],
  ['%41', '%2541'],
  ['con', '%63on'],
  ['NUL.txt', '%4eUL.txt'],
  ['x'.repeat(300), `${'x'.repeat(100)}-`],
])('the file of %j begins with %s and is valid on Windows', (arm, prefix) => {
  const name = toFileName(arm);
  expect(name.startsWith(prefix)).toBe(true);
  expect(name).toMatch(arm.length > 200 ? /^x{100}-[0-9a-f]{16}$/ : /^[\w.~%-]+$/);
  const file = `${name}.safetensors`;
  expect(win32.dirname(win32.join('C:\\runs', file))).toBe('C:\\runs');
  expect(file).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)\./i);
});
