// Narrowing the range of learning rates round by round, and whether trials that had no say in it do better inside.
import type { RunRecord } from './record.ts';
import { mean, valuesOf } from './series.ts';

/** A trial that has ended. */
export interface Trial {
  readonly name: string;
  readonly lrExponent: number;
  readonly weightDecayExponent: number;
  /** On the validation images, when last measured; 0 of a trial that diverged. */
  readonly accuracy: number;
}

/** The trials of a record in their order; those that have not ended are left out. */
export function trialsOf(record: RunRecord): Trial[] {
  return record.arms
    .filter(({ status }) => status !== 'interrupted')
    .map(({ name, status, series }) => ({
      name,
      lrExponent: series.lrExponent?.value[0] ?? Number.NaN,
      weightDecayExponent: series.weightDecayExponent?.value[0] ?? Number.NaN,
      accuracy: status === 'diverged' ? 0 : (valuesOf(record, name, 'validationAccuracy').at(-1) ?? Number.NaN),
    }));
}

/** The best first; of equals the earlier. */
export function ranked(trials: readonly Trial[]): Trial[] {
  return [...trials].sort((a, b) => b.accuracy - a.accuracy);
}

/** Ends of a range of exponents of the learning rate. */
type Range = readonly [low: number, high: number];

/** The smallest range that holds some trials. Weight decay is left alone: over the book's range it decides nothing. */
function rangeOf(trials: readonly Trial[]): Range {
  const exponents = trials.map(({ lrExponent }) => lrExponent);
  return [Math.min(...exponents), Math.max(...exponents)];
}

const isIn =
  ([low, high]: Range) =>
  ({ lrExponent }: Trial) =>
    lrExponent >= low && lrExponent <= high;

const bestThird = (trials: readonly Trial[]) => ranked(trials).slice(0, Math.ceil(trials.length / 3));

/** Where the search went in a round. */
export interface Round {
  /** Width of the range in decades of the learning rate. */
  readonly decades: number;
  /** Mean accuracy of the trials kept out that lie in the range. NaN where none does. */
  readonly accuracy: number;
  readonly count: number;
}

/**
 * The whole range, then two rounds: the range of the best third of the trials' first third; the range of the best third of
 * those of their first two thirds that lie in it. The last third of the trials has no say, and is what every range is judged by.
 */
export function narrowingRounds(trials: readonly Trial[]): [whole: Round, first: Round, second: Round] {
  const third = Math.floor(trials.length / 3);
  const [early, seen, keptOut] = [trials.slice(0, third), trials.slice(0, 2 * third), trials.slice(2 * third)];
  const first = rangeOf(bestThird(early));
  const second = rangeOf(bestThird(seen.filter(isIn(first))));
  const round = (range: Range): Round => {
    const inside = keptOut.filter(isIn(range));
    return {
      decades: range[1] - range[0],
      accuracy: mean(inside.map(({ accuracy }) => accuracy)),
      count: inside.length,
    };
  };
  return [round(rangeOf(trials)), round(first), round(second)];
}
