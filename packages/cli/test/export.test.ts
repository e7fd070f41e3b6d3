// descent export: each format from what a run left, and what is said where it cannot be.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { descent, scratch } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';

const cwd = scratch();
const mnist =
  'run optimizer_compare_mnist --data tiny --steps 20 --hidden-sizes 8 --batch-size 16 --quiet --json --out run';
const search =
  'run hyperparameter_optimization --data tiny --trials 4 --epochs 2 --hidden-sizes 8 --train-samples 60 --batch-size 10 --quiet --json --out search';
const adam = 'run/checkpoints/Adam.safetensors';

beforeAll(async () => {
  writeFiles(join(cwd, 'tiny'), goodFiles());
  writeFileSync(join(cwd, 'noise.safetensors'), Buffer.alloc(50, 7));
  for (const args of [mnist, search]) expect((await descent(args, { cwd })).code).toBe(0);
});

const bytesOf = (file: string) => readFileSync(join(cwd, file));

test('a network as ONNX, the same bytes again', async () => {
  for (const file of ['a.onnx', 'b.onnx']) expect((await descent(`export ${adam} -o ${file}`, { cwd })).code).toBe(0);
  expect(bytesOf('a.onnx').equals(bytesOf('b.onnx'))).toBe(true);
  expect(bytesOf('a.onnx').includes('Gemm')).toBe(true);
  expect(bytesOf('a.onnx').includes('Softmax')).toBe(false);
  await descent(`export ${adam} --softmax --format onnx -o c.bin`, { cwd });
  expect(bytesOf('c.bin').includes('Softmax')).toBe(true);
});

test('weights alone as safetensors, which can be exported in turn', async () => {
  await descent(`export ${adam} -o weights.safetensors`, { cwd });
  const { code } = await descent('export weights.safetensors -o again.onnx', { cwd });
  expect(code).toBe(0);
  expect(bytesOf('weights.safetensors').length).toBeLessThan(bytesOf(adam).length / 2);
  expect(bytesOf('weights.safetensors').includes('optimizer.')).toBe(false);
});

test('series and trials as tables, on stdout too', async () => {
  const { stdout } = await descent('export run/run.json --format csv', { cwd });
  expect(stdout).toMatch(/^arm,measure,step,value\nSGD,trainLoss,1,/);
  const trials = await descent('export search/run.json --format csv', { cwd });
  expect(trials.stdout.trimEnd().split('\n').length).toBe(5);
  const series = await descent('export search/run.json --format json --table series', { cwd });
  expect(JSON.parse(series.stdout)[0]).toHaveProperty('measure');
});

test('series as a folder of npy, a search as a journal', async () => {
  await descent('export run/run.json --format npy -o arrays', { cwd });
  expect(readdirSync(join(cwd, 'arrays'))).toContain('SGD.trainLoss.value.npy');
  await descent('export search/run.json --format optuna -o journal.log', { cwd });
  expect(bytesOf('journal.log').toString().trimEnd().split('\n').length).toBe(5);
});

test('event files for TensorBoard, one an arm and seed, with histograms where weights were kept', async () => {
  const run = mnist.replace('--out run', '--out logged --seeds 2 --tensorboard logs');
  expect((await descent(run, { cwd })).code).toBe(0);
  const file = bytesOf('logs/seed 2/Adam/events.out.tfevents.0.descent');
  for (const tag of [
    'brain.Event:2',
    'trainLoss',
    'testAccuracy',
    'weights/0.weight',
    'activations/',
    '_hparams_/session_start_info',
  ])
    expect(file.includes(tag), tag).toBe(true);
  const bare = await descent(`${search.replace('--out search', '--out bare')} --tensorboard bare-logs`, { cwd });
  expect(bare.code).toBe(0);
  expect(existsSync(join(cwd, 'bare-logs', 'trial%201'))).toBe(true);
});

test.each([
  ['export none.json', 3, /none.json: expected a checkpoint or a record but there is no such file/],
  ['export noise.safetensors -o x.onnx', 3, /noise.safetensors: expected/],
  [`export ${adam} --format csv`, 2, /--format expects one of onnx, safetensors for a checkpoint but got csv/],
  ['export run/run.json --format onnx', 2, /--format expects one of csv, json, npy, optuna for a record but got onnx/],
  ['export run/run.json -o x.txt', 2, /--format expects one of csv, json, npy, optuna but got txt/],
  [`export ${adam} --format onnx`, 2, /onnx needs a file/],
  ['export run/run.json --format optuna', 2, /optimizer_compare_mnist is no search/],
])('descent %s: %i', async (args, expected, message) => {
  const { code, stdout, stderr } = await descent(args, { cwd });
  expect(stderr).toMatch(message);
  expect(stdout).toBe('');
  expect(code).toBe(expected);
  expect(existsSync(join(cwd, 'x.onnx'))).toBe(false);
});
