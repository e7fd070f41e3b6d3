// Final values, evidence and statuses as text.
import { describe, expect, test } from 'vitest';
import { evidenceTable } from '../src/record/claims.ts';
import { finalTable, formatSummary, statusText } from '../src/record/final-table.ts';
import { measureName } from '../src/record/measure-name.ts';
import type { ArmRecord, RunRecord } from '../src/record/record.ts';

const arm = (name: string, changes: Partial<ArmRecord> = {}): ArmRecord => ({
  name,
  status: 'finished',
  series: {},
  final: {},
  digest: '0'.repeat(64),
  ...changes,
});
const record = (...arms: ArmRecord[]) => ({ arms }) as RunRecord;

test('finalTable has one row per arm, the range over seeds and no cell for missing measures', () => {
  const { measures, rows } = finalTable([
    record(arm('SGD', { final: { loss: 1 } }), arm('Adam', { final: { accuracy: 0.5 } })),
    record(arm('SGD', { final: { loss: 3 } }), arm('Adam', { final: { accuracy: 0.5 } })),
  ]);
  expect(measures).toEqual(['loss', 'accuracy']);
  expect(rows.map(({ arm: name, cells }) => [name, ...cells])).toEqual([
    ['SGD', { values: [1, 3], mean: 2, low: 1, high: 3 }, undefined],
    ['Adam', undefined, { values: [0.5, 0.5], mean: 0.5, low: 0.5, high: 0.5 }],
  ]);
});

test.each([
  [undefined, true, '—'],
  [{ values: [0.123456], mean: 0.123456, low: 0, high: 1 }, true, '0.1235'],
  [{ values: [1, 2], mean: 1.5, low: 1, high: 2 }, false, '1.5 (1–2)'],
  [{ values: [Number.NaN, 2], mean: Number.NaN, low: Number.NaN, high: 2 }, false, '—'],
] as const)('formatSummary %#', (summary, isOne, expected) => {
  expect(formatSummary(summary, isOne)).toBe(expected);
});

describe('statusText', () => {
  const divergence = { step: 7, layer: 'Linear', tensor: '0.weight.grad' };
  test.each([
    [[arm('a')], ''],
    [[arm('a'), arm('a', { status: 'diverged' })], 'diverged'],
    [[arm('a', { status: 'diverged', divergence: { step: 7 } })], 'diverged at step 7'],
    [[arm('a', { status: 'diverged', divergence })], 'diverged at step 7 (Linear, 0.weight.grad)'],
  ])('%#', (runs, expected) => {
    expect(statusText(runs, 'en')).toBe(expected);
  });
});

test('evidenceTable puts intervals next to their effects and keeps other names that end in Low', () => {
  const evidence = { gain: 2, gainLow: 1, gainHigh: 3, bestLow: 4 };
  expect(evidenceTable({ evidence })).toEqual([
    { name: 'gain', value: 2, interval: [1, 3] },
    { name: 'bestLow', value: 4 },
  ]);
});

test.each([
  ['trainLoss', 'training loss'],
  ['itsMeanLoss', 'its mean loss'],
  ['turnsOfSGD', 'turns of SGD'],
  ['constructor', 'constructor'],
])('measureName(%s)', (measure, expected) => {
  expect(measureName(measure, 'en')).toBe(expected);
});
