// The report of a benchmark, `descent-bench/1`: medians with confidence intervals, noise, and comparison with a baseline.
import * as is from '../check.ts';

const objectLike = is.recordOf('an object', () => {});
const rowsLike = is.listOf('an array of rows', is.having('medianUs', 'a row'));

/** Times of one candidate, in microseconds per call. The rows of a report add what was measured. */
export interface Timed {
  /** Median. */
  readonly medianUs: number;
  /** Confidence interval of the median, with a probability of 95 % or more; with fewer than 6 samples their range. */
  readonly ci95Us: readonly [low: number, high: number];
  /** Fastest sample, which other load on the machine affects least. */
  readonly leastUs: number;
  /** Number of samples. */
  readonly samples: number;
}

/** Width of the confidence intervals of a report. */
export interface Noise {
  /** Median over the rows of (high − low) ÷ median. */
  readonly spread: number;
  /** Number of rows with an interval wider than 10 % of the median. */
  readonly wideRows: number;
  /** Whether the spread is above 5 %, or more than a quarter of the rows are wide. */
  readonly noisy: boolean;
}

/** Report of a suite. */
export interface BenchReport<Row extends Timed = Timed> {
  /** Format and its version. */
  readonly format: 'descent-bench/1';
  /** Suite that was run. */
  readonly suite: 'kernels' | 'step' | 'experiments';
  /** One row per candidate. */
  readonly rows: readonly Row[];
  /** Width of the confidence intervals. */
  readonly noise: Noise;
  /** Sentences for the reader of the numbers. */
  readonly notes: readonly string[];
  /** Engine and machine. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Returns the report of a suite. */
export function createReport<S extends BenchReport['suite'], Row extends Timed>(
  suite: S,
  rows: readonly Row[],
  host: { readonly environment?: Readonly<Record<string, string>> },
  notes: readonly string[] = [],
): BenchReport<Row> & { readonly suite: S } {
  is.checkArguments('createReport', arguments, {
    suite: is.choice('kernels', 'step', 'experiments'),
    rows: rowsLike,
    host: objectLike,
    notes: is.optional(is.listOf('an array of strings', is.string)),
  });
  return {
    format: 'descent-bench/1',
    suite,
    rows,
    noise: measureNoise(rows),
    notes,
    environment: host.environment ?? {},
  };
}

/** Returns the noise of rows. */
export function measureNoise(rows: readonly Timed[]): Noise {
  const widths = rows.map(({ medianUs, ci95Us: [low, high] }) => (medianUs > 0 ? (high - low) / medianUs : 0));
  const spread = widths.toSorted((a, b) => a - b)[Math.floor(widths.length / 2)] ?? 0;
  const wideRows = widths.filter((width) => width > 0.1).length;
  return { spread: Number(spread.toPrecision(3)), wideRows, noisy: spread > 0.05 || 4 * wideRows > rows.length };
}

/**
 * Returns the median of samples with its confidence interval.
 * @throws RangeError if there are no samples
 */
export function summarize(samplesUs: readonly number[]): Timed {
  const sorted = samplesUs.toSorted((a, b) => a - b);
  const count = sorted.length;
  if (count === 0) throw new RangeError('[summarize] expected samples but got none');
  const at = (rank: number) => sorted[rank - 1] as number;
  const rank = intervalRank(count);
  const medianUs = (at(Math.floor((count + 1) / 2)) + at(Math.ceil((count + 1) / 2))) / 2;
  const ci95Us = [roundTo5Digits(at(rank)), roundTo5Digits(at(count + 1 - rank))] as const;
  return { medianUs: roundTo5Digits(medianUs), ci95Us, leastUs: roundTo5Digits(at(1)), samples: count };
}

/**
 * Returns the greatest r for which the median is between the r-th smallest and the r-th greatest of `count` samples with a
 * probability of at least 95 %. Each sample is below the median with probability ½, so their number is binomial.
 */
export function intervalRank(count: number): number {
  // 2⁻ⁿ underflows at n = 1075; the normal approximation is accurate before that.
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

/** Rounds to 5 significant digits, more than a clock resolves. */
export function roundTo5Digits(value: number): number {
  is.checkArguments('roundTo5Digits', arguments, { value: is.number });
  return Number(value.toPrecision(5));
}

/** One row of two reports. */
export interface Comparison {
  /** Name of the row, such as `matmul 128×784×100 simd128`. */
  readonly name: string;
  /** Median of the baseline, in microseconds. */
  readonly beforeUs: number;
  /** Median of the new report, in microseconds. */
  readonly nowUs: number;
  /** New median ÷ baseline. */
  readonly ratio: number;
  /** `slower` or `faster` if the 95 % intervals do not overlap and the medians differ by more than 5 %. */
  readonly verdict: 'slower' | 'faster' | 'same';
}

/** Compares the rows that both reports have, in the order of the new one. */
export function compareRows(before: readonly Timed[], now: readonly Timed[]): Comparison[] {
  is.checkArguments('compareRows', arguments, { before: rowsLike, now: rowsLike });
  const baseline = new Map(before.map((row) => [rowName(row), row]));
  return now.flatMap((row) => {
    const name = rowName(row);
    const old = baseline.get(name);
    if (!old) return [];
    const ratio = Number((row.medianUs / old.medianUs).toPrecision(4));
    return { name, beforeUs: old.medianUs, nowUs: row.medianUs, ratio, verdict: compareTimes(old, row) };
  });
}

function compareTimes(before: Timed, now: Timed): Comparison['verdict'] {
  if (now.ci95Us[0] > before.ci95Us[1] && now.medianUs > 1.05 * before.medianUs) return 'slower';
  if (now.ci95Us[1] < before.ci95Us[0] && now.medianUs < 0.95 * before.medianUs) return 'faster';
  return 'same';
}

/** Fields that identify a row; the others are measured. */
const ID_FIELDS = 'op shape density network optimizer batch data experiment by jobs variant'.split(' ');

/** Returns the name of a row, which no other row of its report has. */
export function rowName(row: object): string {
  is.checkArguments('rowName', arguments, { row: objectLike });
  return ID_FIELDS.flatMap((field) => {
    const value = (row as Record<string, unknown>)[field];
    if (value === undefined) return [];
    if (field === 'density') return `${Math.round(100 * (value as number))}%`;
    if (field === 'batch' || field === 'jobs') return `${field} ${value}`;
    return Array.isArray(value) ? value.join('×') : String(value);
  }).join(' ');
}
