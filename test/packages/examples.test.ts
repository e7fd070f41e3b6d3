// The examples, as a user runs them: over the built packages, by name. What they print is the same on every machine.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const folder = new URL('../../examples/', import.meta.url);

async function run(name: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [name, ...args], { cwd: folder });
  return stdout;
}

/** The number after a word, in the last line that has it. */
function last(word: string, text: string): number {
  return Number(
    text
      .split('\n')
      .findLast((line) => line.includes(word))
      ?.match(new RegExp(`${word} (-?[\\d.]+)`))?.[1],
  );
}

test('xor.js knows exclusive or, in fifteen lines', async () => {
  const printed = await run('xor.js');
  expect(printed.split('\n').at(-2)).toBe('P(true) of 0⊕0, 0⊕1, 1⊕0, 1⊕1: 0.00 1.00 0.99 0.01');
  const source = readFileSync(new URL('xor.js', folder), 'utf8');
  expect(source.split('\n').filter((line) => line !== '' && !line.startsWith('//')).length).toBeLessThanOrEqual(15);
});

test('regression.js stops early, near the noise', async () => {
  const printed = await run('regression.js');
  expect(printed).toContain('1,153 parameters, 4,612 bytes');
  expect(last('best at epoch', printed)).toBe(45);
  expect(last('error', printed)).toBeLessThan(0.055);
  expect(last('epoch', printed.slice(0, printed.indexOf('best')))).toBe(125);
});

test('mnist-by-hand.js names 19 digits of 20 after an epoch', async () => {
  const printed = await run('mnist-by-hand.js', '1');
  expect(printed).toContain('79,510 parameters');
  expect(last('test accuracy', printed)).toBe(96.35);
});

test('own-layer.js has the gradient that differences have, and learns', async () => {
  const printed = await run('own-layer.js');
  expect(last('gradient of the slope:', printed)).toBeCloseTo(last('by differences', printed), 3);
  expect(last('loss', printed)).toBeLessThan(0.01);
});

test('the README names every example', () => {
  const readme = readFileSync(new URL('README.md', folder), 'utf8');
  for (const file of readdirSync(folder)) if (file.endsWith('.js')) expect(readme).toContain(`(${file})`);
});
