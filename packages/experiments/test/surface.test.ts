// Surfaces: values, gradients and minima, and optimizers on them.
import { describe, expect, test } from 'vitest';
import { optimizerCompareNaive } from '../src/catalog/optimizer-compare-naive/index.ts';
import { valuesOf } from '../src/record/series.ts';
import { surfaces } from '../src/training/surface.ts';
import { run } from './bench.ts';

type Vector = [x: number, y: number];

test('the bowl is f(x, y) = x²/20 + y²', () => {
  const gradient = new Float32Array(2);
  surfaces.bowl.gradient(-7, 2, gradient);
  expect([...gradient]).toEqual([Math.fround(-0.7), 4]);
  expect(surfaces.bowl.value(-7, 2)).toBe(Math.fround(6.45));
});

describe.each(Object.entries(surfaces))('the surface %s', (_, { value, gradient, minimum }) => {
  const slope = (x: number, y: number) => {
    const out = new Float32Array(2);
    gradient(x, y, out);
    return [...out] as Vector;
  };

  test.each<Vector>([
    [-1.5, 0.5],
    [0.75, -1.25],
    [2, 1],
  ])('has the gradient of central differences at (%f, %f)', (x, y) => {
    const h = 1 / 64;
    const [dx, dy] = slope(x, y);
    const numeric = [value(x + h, y) - value(x - h, y), value(x, y + h) - value(x, y - h)].map((d) => d / (2 * h));
    for (const [i, exact] of [dx, dy].entries()) {
      expect(Math.abs((numeric[i] as number) - exact)).toBeLessThan(0.02 * Math.max(1, Math.abs(exact)));
    }
  });

  test('has gradient 0 at its minimum and is higher around it', () => {
    const [x, y] = minimum;
    for (const component of slope(x, y)) expect(Math.abs(component)).toBeLessThan(1e-5);
    for (const [dx, dy] of [
      [0.25, 0],
      [-0.25, 0],
      [0, 0.25],
      [0, -0.25],
    ] as const)
      expect(value(x + dx, y + dy)).toBeGreaterThan(value(x, y));
  });
});

test.each(['rosenbrock', 'beale', 'saddle', 'plateau'])('every optimizer lowers the loss on %s', async (preset) => {
  const record = await run(optimizerCompareNaive, { preset });
  for (const { name, status } of record.arms) {
    const loss = valuesOf(record, name, 'loss');
    expect(status, name).toBe('finished');
    expect(loss.at(-1), name).toBeLessThan(loss[0] as number);
  }
  // The claim applies to the bowl only.
  expect(record.claims).toEqual([]);
});

test('a learning rate that is too high diverges at a recorded step', async () => {
  const record = await run(optimizerCompareNaive, { sgdLr: 100, steps: 60 });
  expect(record.arms.map(({ status }) => status)).toEqual(['diverged', 'finished', 'finished', 'finished']);
  expect(record.arms[0]?.divergence?.step).toBe(record.arms[0]?.series.x?.step.at(-1));
  expect(record.claims[0]?.holds).toBe(false);
});
