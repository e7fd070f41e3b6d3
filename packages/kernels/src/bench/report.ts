// What every suite hands over, `descent-bench/1`: rows, how noisy the machine was, and what else ought to be known.
import { checkArguments } from '../check.ts';
import { rowsLike, spread, type Timed } from './statistics.ts';

/** How far a report can be trusted. */
export interface Noise {
  /** The median over the rows of (hi − lo) ÷ median, of their 95 % intervals. */
  readonly spread: number;
  /** Rows whose interval is wider than a tenth of their median. */
  readonly wideRows: number;
  /** Whether another run may well come to other conclusions: the spread is above 5 %, or a quarter of the rows are wide. */
  readonly noisy: boolean;
}

/** What every suite hands over. */
export interface BenchReport<Row extends Timed> {
  /** The format and its version. */
  readonly format: 'descent-bench/1';
  /** What was timed. */
  readonly suite: 'kernels' | 'step' | 'experiments';
  /** One a thing and variant. */
  readonly rows: readonly Row[];
  /** How far the rows can be trusted. */
  readonly noise: Noise;
  /** Sentences that a reader of the numbers should not miss. */
  readonly notes: readonly string[];
  /** What it ran on, as the front end knows it. */
  readonly environment: Readonly<Record<string, string>>;
}

const WIDE = 0.1;
/** On a quiet machine an interval is a hundredth or two wide. */
const NOISY = 0.05;

/** The noise of a report, from the intervals of its rows. */
export function noiseOf(rows: readonly Timed[]): Noise {
  checkArguments('noiseOf', arguments, { rows: rowsLike });
  const spreads = rows.map(spread).sort((a, b) => a - b);
  const middle = spreads[Math.floor(spreads.length / 2)] ?? 0;
  const wideRows = spreads.filter((width) => width > WIDE).length;
  return { spread: Number(middle.toPrecision(3)), wideRows, noisy: middle > NOISY || 4 * wideRows > rows.length };
}
