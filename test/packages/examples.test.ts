// Examples run with the built packages and print known results.
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const folder = new URL('../../examples/', import.meta.url);

async function run(name: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [name, ...args], { cwd: folder });
  return stdout;
}

/** Example, arguments, and patterns that the output contains. */
test.each<[file: string, args: string[], output: RegExp[]]>([
  ['xor.js', [], [/^P\(true\) of 0⊕0, 0⊕1, 1⊕0, 1⊕1: 0\.00 1\.00 0\.99 0\.01$/m]],
  [
    'regression.js',
    [],
    [/1,153 parameters, 4,612 bytes/, /epoch 125: .*\n\nbest at epoch 45: error 0\.0(?:[0-4]|5[0-4])/],
  ],
  ['mnist-by-hand.js', ['1'], [/79,510 parameters/, /test accuracy 96\.35/]],
  ['own-loss.js', [], [/MSELoss: median error 0\.382/, /HuberLoss: median error 0\.021/]],
  [
    'transfer.js',
    [],
    [/accuracy after loading: 99\.5/, /1,218 parameters, 1,152 of them frozen/, /middle ring: 84\.7/],
  ],
])('%s prints its results', async (file, args, output) => {
  const printed = await run(file, ...args);
  for (const pattern of output) expect(printed).toMatch(pattern);
});

test('own-layer.js passes its gradient check and learns', async () => {
  const printed = await run('own-layer.js');
  const lastNumber = (name: string) =>
    Number([...printed.matchAll(new RegExp(`${name} (-?[\\d.]+)`, 'g'))].at(-1)?.[1]);
  expect(lastNumber('gradient of the slope:')).toBeCloseTo(lastNumber('by central difference'), 3);
  expect(lastNumber('loss')).toBeLessThan(0.01);
});

test('xor.js has at most 15 lines of code', () => {
  const lines = readFileSync(new URL('xor.js', folder), 'utf8').split('\n');
  expect(lines.filter((line) => line !== '' && !line.startsWith('//')).length).toBeLessThanOrEqual(15);
});

test('the README lists every example', () => {
  const readme = readFileSync(new URL('README.md', folder), 'utf8');
  for (const file of readdirSync(folder)) if (file.endsWith('.js')) expect(readme).toContain(`(${file})`);
});

/** Trains with the loop of docs/names.md on two classes: is the first of 784 numbers greater than 0.5? */
const usesLoop = `
import { accuracy, loadDevice, Rng, streamOf, Tensor, TensorDataset } from '@descent/nn';
import { fit } from './loop.mjs';
const device = await loadDevice({ bytes: 2 ** 23 });
const data = (step) => {
  const inputs = Tensor.zeros(device, [256, 784]);
  new Rng(device, 1).uniform(inputs, { stream: streamOf('data'), step });
  const values = inputs.data;
  for (let row = 0; row < 256; row++) values.fill(values[784 * row], 784 * row, 784 * row + 99);
  const labels = Array.from({ length: 256 }, (_, row) => Number(values[784 * row] > 0.5));
  return new TensorDataset({ inputs, labels: Tensor.from(device, labels, [256], 'int32') });
};
const validation = data(1);
const model = (await fit(data(0), validation, 10)).eval();
const half = validation.slice(0, 128);
const own = Tensor.from(model.device, half.inputs.data, [128, 784]);
console.log(accuracy(model.forward(own), Tensor.from(model.device, half.labels.data, [128], 'int32')));
`;

test('the training loop of docs/names.md learns', async () => {
  const names = readFileSync(new URL('../docs/names.md', folder), 'utf8');
  const [, block] = /^```js\n(.*?)^```$/ms.exec(names) as unknown as [string, string];
  // A folder in node_modules resolves the packages and is ignored by git.
  const scratch = new URL('node_modules/.names/', folder);
  mkdirSync(scratch, { recursive: true });
  try {
    writeFileSync(new URL('loop.mjs', scratch), block);
    writeFileSync(new URL('main.mjs', scratch), usesLoop);
    expect(Number(await run(fileURLToPath(new URL('main.mjs', scratch))))).toBeGreaterThan(0.9);
  } finally {
    rmSync(scratch, { recursive: true });
  }
});
