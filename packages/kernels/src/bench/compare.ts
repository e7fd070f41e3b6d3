// A run beside an earlier one: what is slower or faster by more than noise.
import { checkArguments, having } from '../check.ts';
import { rowsLike, type Timed } from './statistics.ts';

/** What tells rows apart; everything else in a row is measured. */
const NAMES = [
  'op',
  'shape',
  'density',
  'network',
  'optimizer',
  'batch',
  'data',
  'experiment',
  'by',
  'jobs',
  'variant',
];

/** Intervals that do not touch may still be a twentieth apart by chance of the day. */
const LEAST = 0.05;

/** One row of two runs side by side. */
export interface Comparison {
  /** The row, as in `matmul 128×784×100 simd128`. */
  readonly name: string;
  /** Median microseconds of the earlier run. */
  readonly beforeUs: number;
  /** Median microseconds of the later run. */
  readonly nowUs: number;
  /** now ÷ before. */
  readonly ratio: number;
  /** `slower` and `faster`: the 95 % intervals do not touch, and the medians differ by more than 5 %. */
  readonly verdict: 'slower' | 'faster' | 'same';
}

/** Rows that both runs have, in the order of now. */
export function compareRows(before: readonly Timed[], now: readonly Timed[]): Comparison[] {
  checkArguments('compareRows', arguments, { before: rowsLike, now: rowsLike });
  const earlier = new Map(before.map((row) => [rowName(row), row]));
  return now.flatMap((row) => {
    const name = rowName(row);
    const old = earlier.get(name);
    if (!old) return [];
    const ratio = row.medianUs / old.medianUs;
    return {
      name,
      beforeUs: old.medianUs,
      nowUs: row.medianUs,
      ratio: Number(ratio.toPrecision(4)),
      verdict: compareTimes(old, row),
    };
  });
}

function compareTimes(before: Timed, now: Timed): Comparison['verdict'] {
  if (now.ci95Us[0] > before.ci95Us[1] && now.medianUs > before.medianUs * (1 + LEAST)) return 'slower';
  if (now.ci95Us[1] < before.ci95Us[0] && now.medianUs < before.medianUs * (1 - LEAST)) return 'faster';
  return 'same';
}

/** What a row is called wherever it is told apart from others. */
export function rowName(row: object): string {
  checkArguments('nameOf', arguments, { row: having('variant', 'a row') });
  return NAMES.flatMap((name) => {
    const value = (row as Record<string, unknown>)[name];
    if (value === undefined) return [];
    if (name === 'density') return `${Math.round(100 * (value as number))}%`;
    if (name === 'batch') return `batch ${value}`;
    if (name === 'jobs') return `jobs ${value}`;
    return Array.isArray(value) ? value.join('×') : String(value);
  }).join(' ');
}
