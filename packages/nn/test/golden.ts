// Golden vectors of test-data, and comparisons with them.
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

export interface GoldenArray {
  shape: number[];
  data: number[];
}

export function golden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../test-data/golden/${name}.json`, import.meta.url), 'utf8'));
}

/** Expects |actual − expected| as float32 ≤ tolerance × max(1, |expected|) at every index. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what = '',
): void {
  expect(actual.length, `${what} length`).toBe(expected.length);
  let worst = 0;
  let at = 0;
  for (let index = 0; index < expected.length; index++) {
    const [a, b] = [actual[index] as number, Math.fround(expected[index] as number)];
    const error = Math.abs(a - b) / Math.max(1, Math.abs(b));
    if (!(error <= worst)) [worst, at] = [error, index];
  }
  expect(worst, `${what}[${at}]: ${actual[at]} for ${expected[at]}`).toBeLessThanOrEqual(tolerance);
}
