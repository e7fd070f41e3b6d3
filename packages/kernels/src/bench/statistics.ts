// Medians, and how far they can be trusted, without supposing anything about how times are distributed.

import { checkArguments, having, listOf, number } from '../check.ts';

/** Times of one thing, in microseconds a call. Rows of reports add what tells them apart. */
export interface Timed {
  /** Microseconds a call. */
  readonly medianUs: number;
  /** An interval that holds the true median in at least 95 of 100 such runs; below 6 samples all that was seen. */
  readonly ci95Us: readonly [low: number, high: number];
  /** The least: what the machine does while nobody disturbs it. */
  readonly leastUs: number;
  /** How many times were taken. */
  readonly samples: number;
}

/** @throws RangeError where there are no samples */
export function summarize(samplesUs: readonly number[]): Timed {
  checkArguments('summarize', arguments, { samplesUs: listOf('an array of times', number) });
  const sorted = samplesUs.toSorted((a, b) => a - b);
  const count = sorted.length;
  if (count === 0) throw new RangeError('[summarize] expected samples but got none');
  const at = (rank: number) => sorted[rank - 1] as number;
  const rank = intervalRank(count);
  const medianUs = (at(Math.floor((count + 1) / 2)) + at(Math.ceil((count + 1) / 2))) / 2;
  const ci95Us = [roundTo4Digits(at(rank)), roundTo4Digits(at(count + 1 - rank))] as const;
  return { medianUs: roundTo4Digits(medianUs), ci95Us, leastUs: roundTo4Digits(at(1)), samples: count };
}

/**
 * The greatest r for which the median lies between the r-th least and the r-th greatest of `count` samples with
 * probability 0.95 or more: each sample falls below the median with probability ½, so that the number that do is
 * binomial. 1 where no r does.
 */
export function intervalRank(count: number): number {
  // 2⁻ⁿ leaves float64 at n = 1075; by then the binomial is normal enough.
  if (count > 1_000) return Math.floor((count - 1.96 * Math.sqrt(count)) / 2);
  let term = 1;
  for (let i = 0; i < count; i++) term /= 2;
  let below = term;
  let rank = 0;
  while (2 * below <= 0.05) {
    rank++;
    term *= (count - rank + 1) / rank;
    below += term;
  }
  return Math.max(1, rank);
}

/** Five digits are more than a clock gives. */
export function roundTo4Digits(value: number): number {
  checkArguments('tidy', arguments, { value: number });
  return Number(value.toPrecision(5));
}

/** Rows of a report. */
export const rowsLike = listOf('an array of rows', having('medianUs', 'a row'));

/** Width of the interval as a share of the median. */
export function spread({ medianUs, ci95Us: [low, high] }: Pick<Timed, 'medianUs' | 'ci95Us'>): number {
  return medianUs > 0 ? (high - low) / medianUs : 0;
}
