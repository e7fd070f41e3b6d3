// Gradient clipping of lists of parameters and of blocks.
import { describe, expect, test } from 'vitest';
import * as nn from '../src/index.ts';
import { device } from './devices.ts';
import { expectClose, type GoldenArray, golden } from './golden.ts';
import { createParameter } from './gradcheck.ts';

interface Row {
  name: string;
  bound: number;
  gradients: GoldenArray[];
  norm: number | null;
  clipped: GoldenArray[];
}

const rows = golden<{ norm: Row[]; value: Row[] }>('clipping');

function modelWith(gradients: readonly number[]): nn.Sequential {
  const model = new nn.Sequential([new nn.Linear(2, 2)]).to(device, { inputShape: [2], batchSize: 1, seed: 1 });
  model.grads.data.set(gradients);
  return model;
}

describe('agrees with PyTorch', () => {
  const createParameters = ({ gradients }: Row): nn.Parameter[] =>
    gradients.map(({ shape, data }, index) => {
      const parameter = createParameter(device, `${index}`, shape, data, true);
      parameter.grad.data.set(data);
      return parameter;
    });

  test.each(rows.norm)('norm: $name', (row) => {
    const parameters = createParameters(row);
    expectClose([nn.clipGradNorm(parameters, row.bound)], [row.norm as number], 1e-6, 'norm');
    for (const [index, { data }] of row.clipped.entries()) {
      const largest = Math.max(...data.map(Math.abs)) || 1;
      const scaled = (values: ArrayLike<number>) => Array.from(values, (value) => value / largest);
      expectClose(scaled(parameters[index]?.grad.data ?? []), scaled(data), 1e-6, `gradient ${index}`);
    }
  });

  test.each(rows.value)('value: $name', (row) => {
    const parameters = createParameters(row);
    nn.clipGradValue(parameters, row.bound);
    const clipped = parameters.map(({ grad }) => grad.data);
    expect(clipped).toEqual(row.clipped.map(({ data }) => Float32Array.from(data)));
  });
});

test.each([1e20, 3e38, 1e-30, 1e-44])('the norm of 100 gradients of %d neither overflows nor underflows', (value) => {
  for (const isList of [false, true]) {
    const parameter = createParameter(device, 'weight', [10, 10], new Array(100).fill(value), true);
    parameter.grad.data.fill(value);
    const norm = nn.clipGradNorm(isList ? [parameter] : parameter.grad, 1);
    expect(norm / (10 * Math.fround(value))).toBeCloseTo(1, 12);
    const expected = norm > 1 ? 0.1 : Math.fround(value);
    for (const clipped of parameter.grad.data) expect(clipped / expected).toBeCloseTo(1, 6);
  }
});

test('the block of all gradients is clipped like its parts', () => {
  const gradients = [3, -4, 12, 0.5, -0.25, 1];
  const [whole, parts] = [modelWith(gradients), modelWith(gradients)];
  expect(nn.clipGradNorm(whole.grads, 1)).toBeCloseTo(nn.clipGradNorm(parts.parameters(), 1), 6);
  expectClose(whole.grads.data, parts.grads.data, 1e-7);
  nn.clipGradValue(whole.grads, 0.1);
  expect(Math.max(...whole.grads.data.map(Math.abs))).toBe(Math.fround(0.1));
});

test('frozen parameters are skipped', () => {
  const model = modelWith([3, -4, 12, 0.5, 6, 8]);
  const parameters = model.parameters();
  (parameters[0] as nn.Parameter).requiresGrad = false;
  expect(nn.clipGradNorm(parameters, 5)).toBe(10);
  nn.clipGradValue(parameters, 3.5);
  expectClose(model.grads.data, [3, -4, 12, 0.5, 3, 3.5], 1e-6);
});

test('gradients within the bounds keep their bits', () => {
  const model = modelWith([0.1, -0.2, 0.3, -0.4, 0.5, -0.6]);
  const before = model.grads.data.slice();
  expect(nn.clipGradNorm(model.grads, 2)).toBeLessThan(1);
  nn.clipGradValue(model.grads, 1);
  expect(model.grads.data).toEqual(before);
});

test.each([
  [Number.NaN, [Number.NaN, Number.NaN]],
  [Number.POSITIVE_INFINITY, [Number.NaN, 0]],
])('with a gradient of %d the norm is not finite', (value, expected) => {
  const model = modelWith([value, 1, 1, 1, 1, 1]);
  expect(nn.clipGradNorm(model.grads, 1)).toBe(value);
  expect([...model.grads.data.slice(0, 2)]).toEqual(expected);
});
