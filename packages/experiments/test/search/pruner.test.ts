// Which trials a pruner stops: median as Optuna's does, halving as its rule says.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ArmRecord } from '../../src/record/record.ts';
import { createPruner, type PrunerSpec } from '../../src/search/pruner.ts';
import type { ArmSpec } from '../../src/training/arm.ts';

interface Golden {
  readonly roundSize: number;
  readonly steps: number;
  readonly cases: readonly {
    readonly first: number;
    readonly curves: readonly (readonly number[])[];
    /** The step at which a trial is stopped. */
    readonly stops: readonly (number | null)[];
  }[];
}

const file = new URL('../../../../test-data/golden/median-pruner.json', import.meta.url);
const { roundSize, steps, cases }: Golden = JSON.parse(readFileSync(file, 'utf8'));

function recordOf(name: string, curve: readonly number[], step: number): ArmRecord {
  const at = Array.from({ length: step }, (_, i) => i + 1);
  const series = { trainLoss: { step: at, value: at }, value: { step: at, value: curve.slice(0, step) } };
  return { name, status: step < curve.length ? 'interrupted' : 'finished', series, final: {}, digest: '' };
}

/** Where the trials of a search stop whose curves are known; null where nothing stops one. */
function stopsOf(spec: PrunerSpec, curves: readonly (readonly number[])[], size: number): (number | null)[] {
  const pruner = createPruner(spec, steps);
  const known = new Map<string, ArmRecord>();
  const ended = () => curves.flatMap((_, i) => known.get(String(i)) ?? []);
  for (let from = 0; from < curves.length; from += size) {
    const round = curves.slice(from, from + size).map((_, i) => ({ name: String(from + i) }) as ArmSpec);
    const earlier = ended();
    for (;;) {
      const leg = pruner.leg(round, known, { measure: 'value', earlier });
      for (const record of leg.pruned) known.set(record.name, record);
      for (const { name } of leg.arms)
        known.set(name, recordOf(name, curves[Number(name)] as number[], leg.until.get(name) ?? steps));
      if (leg.arms.length === 0 && leg.pruned.length === 0) break;
    }
  }
  return ended().map(({ pruned }) => pruned?.step ?? null);
}

describe('median', () => {
  test.each(cases)('stops where Optuna’s does, every $first steps', ({ first, curves, stops }) => {
    expect(stopsOf({ kind: 'median', first }, curves, roundSize)).toEqual(stops);
  });

  const level = (value: number) => Array<number>(steps).fill(value);
  const good = level(5);
  const fallen = level(6).fill(1, 1);
  test.each<[string, number[][], number, (number | null)[]]>([
    ['four that ended are too few', [good, good, good, good, level(1)], 4, [null, null, null, null, null]],
    ['five are enough', [...Array(5).fill(good), level(1)], 5, [null, null, null, null, null, 3]],
    [
      'the first round is whole, whatever its size',
      [good, good, good, good, good, good, level(1)],
      7,
      Array(7).fill(null),
    ],
    ['who is at the median goes on', Array(6).fill(good), 5, Array(6).fill(null)],
    ['who was once good goes on', [...Array(5).fill(good), fallen], 5, Array(6).fill(null)],
    [
      'trials of a round have no say about each other',
      [...Array(5).fill(good), level(6), level(9)],
      5,
      Array(7).fill(null),
    ],
  ])('%s', (_, curves, size, stops) => {
    expect(stopsOf({ kind: 'median', first: 3 }, curves, size)).toEqual(stops);
  });

  test('those that diverged or were stopped are nobody’s measure', () => {
    const { leg } = createPruner({ kind: 'median', first: 3 }, steps);
    const whole = Array.from({ length: 5 }, (_, i) => recordOf(`w${i}`, good, steps));
    const high = level(9);
    const earlier: ArmRecord[] = [
      ...whole,
      ...whole.map(
        (each): ArmRecord => ({ ...each, ...recordOf('p', high, 6), status: 'finished', pruned: { step: 6 } }),
      ),
    ];
    const known = new Map([['here', recordOf('here', good, 3)]]);
    const { pruned } = leg([{ name: 'here' } as ArmSpec], known, { measure: 'value', earlier });
    expect(pruned).toEqual([]);
  });
});

// Three of nine go on, then one of the five that did, and of all at the last rung.
test.each<[string, number[], number, (number | null)[]]>([
  ['keeps those that tie with the last of the best', [3, 5, 5, 1, 4, 9, 5, 5, 2], 9, [2, 6, 6, 2, 2, null, 6, 6, 2]],
  ['in any order', [2, 5, 5, 9, 4, 1, 5, 5, 3], 9, [2, 6, 6, null, 2, 2, 6, 6, 2]],
  ['stops nobody where all tie', Array(6).fill(4), 6, Array(6).fill(null)],
  ['does not prefer earlier rounds', Array(6).fill(4), 3, Array(6).fill(null)],
  ['compares with earlier rounds', [5, 4, 6, 1, 2, 3], 3, [2, 2, null, 2, 2, 2]],
])('halving %s', (_, values, size, stops) => {
  const curves = values.map((value) => Array<number>(steps).fill(value));
  expect(stopsOf({ kind: 'halving', first: 2, eta: 3 }, curves, size)).toEqual(stops);
});
