// A best trial at an end of the range is told of: what is sought may lie beyond.
import { expect, test } from 'vitest';
import type { CompletedTrial } from '../../src/search/figures/completed-trials.ts';
import { touchedEdges } from '../../src/search/figures/funnel.ts';
import type { Dimension } from '../../src/search/space.ts';

const lr: Dimension = { kind: 'float', name: 'lr', low: -6, high: -2, log: true };
const rule: Dimension = { kind: 'categorical', name: 'rule', choices: ['sgd', 'adam'] };
const tried = (point: Record<string, number>, value: number) => ({ point, value }) as unknown as CompletedTrial;

test.each([
  ['at the upper end', lr, { lr: -2.19 }, 'high'],
  ['just inside', lr, { lr: -2.21 }, undefined],
  ['at the lower end', lr, { lr: -5.9 }, 'low'],
  ['in the middle', lr, { lr: -4 }, undefined],
  ['where it does not apply', lr, {}, undefined],
  ['a choice', rule, { rule: 0 }, undefined],
] as const)('%s', (_, dimension, point, end) => {
  expect(touchedEdges(dimension, [tried({ lr: -4, rule: 1 }, 0.5), tried(point, 0.9)])).toBe(end);
});

test('of no trials nothing is told', () => {
  expect(touchedEdges(lr, [])).toBeUndefined();
});
