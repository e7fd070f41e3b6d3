// Runs the examples with the built packages, and compares the printed results.
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

/** A program that trains with the loop on two classes: is the first of 784 numbers greater than 0.5? */
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

/** Returns the number after a word in the last line that contains it. */
function last(word: string, text: string): number {
  return Number(
    text
      .split('\n')
      .findLast((line) => line.includes(word))
      ?.match(new RegExp(`${word} (-?[\\d.]+)`))?.[1],
  );
}

test('xor.js learns exclusive or in fifteen lines', async () => {
  const printed = await run('xor.js');
  expect(printed.split('\n').at(-2)).toBe('P(true) of 0⊕0, 0⊕1, 1⊕0, 1⊕1: 0.00 1.00 0.99 0.01');
  const source = readFileSync(new URL('xor.js', folder), 'utf8');
  expect(source.split('\n').filter((line) => line !== '' && !line.startsWith('//')).length).toBeLessThanOrEqual(15);
});

test('regression.js stops early with an error near the noise', async () => {
  const printed = await run('regression.js');
  expect(printed).toContain('1,153 parameters, 4,612 bytes');
  expect(last('best at epoch', printed)).toBe(45);
  expect(last('error', printed)).toBeLessThan(0.055);
  expect(last('epoch', printed.slice(0, printed.indexOf('best')))).toBe(125);
});

test('mnist-by-hand.js classifies 96 % of the digits after one epoch', async () => {
  const printed = await run('mnist-by-hand.js', '1');
  expect(printed).toContain('79,510 parameters');
  expect(last('test accuracy', printed)).toBe(96.35);
});

test('own-layer.js passes its gradient check and learns', async () => {
  const printed = await run('own-layer.js');
  expect(last('gradient of the slope:', printed)).toBeCloseTo(last('by central difference', printed), 3);
  expect(last('loss', printed)).toBeLessThan(0.01);
});

test('own-loss.js fits the curve despite outliers', async () => {
  const printed = await run('own-loss.js');
  expect(last('MSELoss: median error', printed)).toBe(0.382);
  expect(last('HuberLoss: median error', printed)).toBe(0.021);
});

test('transfer.js restores saved weights and trains only the new layer', async () => {
  const printed = await run('transfer.js');
  expect(last('accuracy after loading:', printed)).toBe(99.5);
  expect(printed).toContain('1,218 parameters, 1,152 of them frozen');
  expect(last('middle ring:', printed)).toBe(84.7);
});

test('the training loop of docs/names.md learns', async () => {
  const names = readFileSync(new URL('../docs/names.md', folder), 'utf8');
  const [, block] = /^```js\n(.*?)^```$/ms.exec(names) as unknown as [string, string];
  // `node_modules` resolves the packages, and git ignores it.
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

test('the README lists every example', () => {
  const readme = readFileSync(new URL('README.md', folder), 'utf8');
  for (const file of readdirSync(folder)) if (file.endsWith('.js')) expect(readme).toContain(`(${file})`);
});
