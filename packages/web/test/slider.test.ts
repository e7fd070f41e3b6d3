// The values of sliders and steppers.
import { experiments } from '@descent/experiments';
import { describe, expect, test } from 'vitest';
import { findPosition, nextCount, sliderValues } from '../src/state/slider.ts';

const text = { en: '', ko: '', ja: '' };
const option = { kind: 'float', label: text, help: text, default: 0, min: 0, max: 100 } as const;

describe('sliderValues', () => {
  test.each([
    ['logarithmic from zero', { slider: [0.01, 1], scale: 'log' }, [0, 0.01, 0.012, 0.015], [0.6, 0.8, 1]],
    ['logarithmic above zero', { min: 0.1, slider: [0.1, 10], scale: 'log' }, [0.1, 0.12], [8, 10]],
    ['linear', { slider: [0, 1] }, [0, 0.01, 0.02, 0.03], [0.99, 1]],
    ['linear with an odd end', { slider: [0, 0.999] }, [0, 0.01], [0.99, 0.999]],
    ['linear below zero', { min: -10, slider: [-10, 10] }, [-10, -9.8], [9.8, 10]],
  ] as const)('are %s', (_, range, first, last) => {
    const values = sliderValues({ ...option, ...range });
    expect(values.slice(0, first.length)).toEqual(first);
    expect(values.slice(-last.length)).toEqual(last);
  });

  const floats = experiments.flatMap(({ name, options }) =>
    Object.entries(options).flatMap(([key, each]) =>
      each.kind === 'float' ? [[`${name} ${key}`, each] as const] : [],
    ),
  );
  test.each(floats)('of %s ascend, are in range and include the default', (_, each) => {
    const values = sliderValues(each);
    expect(values.length).toBeLessThanOrEqual(130);
    for (const [i, value] of values.entries()) expect(value).toBeGreaterThan(values[i - 1] ?? each.min - 1);
    expect(values.at(-1)).toBeLessThanOrEqual(each.max);
    const nearest = values[findPosition(values, each.default)] as number;
    expect(Math.abs(nearest - each.default)).toBeLessThanOrEqual(0.15 * Math.abs(each.default));
  });
});

test.each([
  [-5, 0],
  [0.12, 0],
  [0.14, 1],
  [0.16, 1],
  [99, 3],
])('findPosition finds the value closest to %s', (value, position) => {
  expect(findPosition([0.1, 0.15, 0.2, 0.5], value)).toBe(position);
});

test.each([
  ['log', 128, 1, 256],
  ['log', 301, -1, 150],
  ['log', 1, -1, 1],
  ['log', 900, 1, 1000],
  [undefined, 10, 1, 11],
  [undefined, 1, -1, 1],
] as const)('nextCount with scale %s: %i by %i is %i', (scale, value, by, next) => {
  expect(nextCount({ min: 1, max: 1000, ...(scale && { scale }) }, value, by)).toBe(next);
});
