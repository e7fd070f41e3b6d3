// Weights of finished arms: which runs save them, and under which names.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, win32 } from 'node:path';
import { expect, test } from 'vitest';
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

test.each([
  ['batch norm, w 0.01', 'batch%20norm%2C%20w%200.01'],
  ['../../x', '..%2F..%2Fx'],
  ['가', '%EA%B0%80'],
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
