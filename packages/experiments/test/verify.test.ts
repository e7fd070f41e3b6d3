import { describe, expect, test } from 'vitest';
import { optimizerCompareNaive } from '../src/catalog/optimizer-compare-naive/index.ts';
import { parseRecord, stringifyRecord } from '../src/record/json.ts';
import type { RunRecord } from '../src/record/record.ts';
import { compareRecords } from '../src/record/verify.ts';
import { run } from './bench.ts';

const record = await run(optimizerCompareNaive, { steps: 5 });

type Arm = RunRecord['arms'][number];
type Series = Arm['series'][string];
const arm = (r: RunRecord, i: number) => r.arms[i] as Arm;
const series = (r: RunRecord, i: number, name: string) => arm(r, i).series[name] as Series;

/** Flips the lowest bit of a float32. */
function flip(value: number): number {
  const word = new Uint32Array(Float32Array.of(value).buffer);
  (word[0] as number) ^= 1;
  return new Float32Array(word.buffer)[0] as number;
}

describe('compareRecords', () => {
  test('finds no difference to a replay on another machine', async () => {
    const replay = await run(optimizerCompareNaive, { steps: 5 });
    const elsewhere: RunRecord = { ...replay, variant: 'scalar', environment: { os: 'other' }, elapsedSeconds: 9 };
    expect(compareRecords(parseRecord(stringifyRecord(record)), elsewhere)).toBeUndefined();
  });

  test.each<[string, (changed: RunRecord) => void, object]>([
    [
      'a flipped bit of a series',
      (r) => (series(r, 2, 'y').value[3] = flip(series(r, 2, 'y').value[3] as number)),
      { arm: 'AdaGrad', field: 'y', step: 3 },
    ],
    [
      'the earliest of several',
      (r) => {
        series(r, 1, 'x').value[4] = 0;
        series(r, 1, 'loss').value[2] = 0;
      },
      { arm: 'Momentum', field: 'loss', step: 2, got: 0 },
    ],
    [
      'a truncated series',
      (r) => {
        series(r, 3, 'x').step.pop();
        series(r, 3, 'x').value.pop();
      },
      { arm: 'Adam', field: 'x', step: 5 },
    ],
    ['a final value', (r) => (arm(r, 1).final.x = 1), { arm: 'Momentum', field: 'final' }],
    ['the digest of an arm', (r) => (arm(r, 3).digest = '0'.repeat(64)), { arm: 'Adam', field: 'digest' }],
    ['an option', (r) => (r.options.sgdLr = 0.9), { field: 'options' }],
    ['the data', (r) => (r.data.sha256 = '0'.repeat(64)), { field: 'data' }],
    ['a missing arm', (r) => r.arms.pop(), { field: 'arms' }],
    [
      'a verdict',
      (r) => ((r.claims[0] as RunRecord['claims'][0]).holds = false),
      { claim: 'sgd-zigzags', field: 'holds' },
    ],
    [
      'evidence',
      (r) => ((r.claims[0] as RunRecord['claims'][0]).evidence.x = 1),
      { claim: 'sgd-zigzags', field: 'evidence' },
    ],
  ])('finds %s', (_, change, difference) => {
    const changed = structuredClone(record);
    change(changed);
    expect(compareRecords(record, changed)).toMatchObject(difference);
  });

  test('treats NaN as equal to NaN', () => {
    const diverged = structuredClone(record);
    series(diverged, 0, 'x').value[5] = Number.NaN;
    expect(compareRecords(diverged, structuredClone(diverged))).toBeUndefined();
    expect(compareRecords(record, diverged)).toMatchObject({ arm: 'SGD', field: 'x', step: 5 });
  });

  test('ignores a NaN in the evidence of an old record', () => {
    const older = structuredClone(record);
    (older.claims[0] as RunRecord['claims'][0]).evidence.unmeasured = Number.NaN;
    expect(compareRecords(older, record)).toBeUndefined();
  });
});
