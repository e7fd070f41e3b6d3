// Optimizers and surfaces, compared with a float64 implementation of the formulas in section 6.1 of the book.
import { describe, expect, test } from 'vitest';
import { optimizerCompareNaive } from '../src/catalog/optimizer-compare-naive/index.ts';
import { valuesOf } from '../src/record/series.ts';
import { surfaces } from '../src/training/surface.ts';
import { run } from './bench.ts';

type Vector = [x: number, y: number];
type Rule = (gradient: Vector, t: number) => Vector;

const both = (of: (i: 0 | 1) => number): Vector => [of(0), of(1)];

const rules: Record<string, (dialect: string) => Rule> = {
  SGD: () => (g) => both((i) => -0.95 * g[i]),
  Momentum: () => {
    const v: Vector = [0, 0];
    return (g) => both((i) => (v[i] = 0.9 * v[i] - 0.1 * g[i]));
  },
  AdaGrad: (dialect) => {
    const eps = dialect === 'book' ? 1e-7 : 1e-10;
    const h: Vector = [0, 0];
    return (g) => both((i) => (-1.5 * g[i]) / (Math.sqrt((h[i] += g[i] * g[i])) + eps));
  },
  Adam: (dialect) => {
    const m: Vector = [0, 0];
    const v: Vector = [0, 0];
    return (g, t) =>
      both((i) => {
        m[i] = 0.9 * m[i] + 0.1 * g[i];
        v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
        const [mHat, vHat] = [m[i] / (1 - 0.9 ** t), v[i] / (1 - 0.999 ** t)];
        if (dialect === 'modern') return (-0.3 * mHat) / (Math.sqrt(vHat) + 1e-8);
        return (-0.3 * (Math.sqrt(1 - 0.999 ** t) / (1 - 0.9 ** t)) * m[i]) / (Math.sqrt(v[i]) + 1e-7);
      });
  },
};

function descend(rule: Rule): Vector[] {
  let at: Vector = [-7, 2];
  const path = [at];
  for (let t = 1; t <= 30; t++) {
    const move = rule([at[0] / 10, 2 * at[1]], t);
    at = [at[0] + move[0], at[1] + move[1]];
    path.push(at);
  }
  return path;
}

describe.each(['modern', 'book'])('optimizer_compare_naive, %s', async (dialect) => {
  const record = await run(optimizerCompareNaive, { dialect });

  test.each(Object.keys(rules))('%s equals float64 within 1e-5 at each of 30 steps', (name) => {
    const [x, y] = [valuesOf(record, name, 'x'), valuesOf(record, name, 'y')];
    expect(x).toHaveLength(31);
    for (const [step, [exactX, exactY]] of descend((rules[name] as (dialect: string) => Rule)(dialect)).entries()) {
      expect(Math.abs((x[step] as number) - exactX), `x at step ${step}`).toBeLessThan(1e-5);
      expect(Math.abs((y[step] as number) - exactY), `y at step ${step}`).toBeLessThan(1e-5);
    }
  });
});

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
