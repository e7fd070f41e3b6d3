// Narrowing a search range round by round, and whether trials that had no say in it do better inside.
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

type Box = readonly (readonly [low: number, high: number])[];

const axes = ['lrExponent', 'weightDecayExponent'] as const;

/** The smallest box of exponents that holds some trials. */
function boxOf(trials: readonly Trial[]): Box {
  return axes.map((axis) => {
    const values = trials.map((trial) => trial[axis]);
    return [Math.min(...values), Math.max(...values)];
  });
}

const isIn = (box: Box) => (trial: Trial) =>
  axes.every((axis, i) => trial[axis] >= (box[i]?.[0] as number) && trial[axis] <= (box[i]?.[1] as number));

const bestThird = (trials: readonly Trial[]) => ranked(trials).slice(0, Math.ceil(trials.length / 3));

/** Where the search went in a round. */
export interface Round {
  /** Width along the logarithms of the learning rate and of weight decay. */
  readonly widths: readonly number[];
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
  const first = boxOf(bestThird(early));
  const second = boxOf(bestThird(seen.filter(isIn(first))));
  const round = (box: Box): Round => {
    const inside = keptOut.filter(isIn(box));
    return {
      widths: box.map(([low, high]) => high - low),
      accuracy: mean(inside.map((trial) => trial.accuracy)),
      count: inside.length,
    };
  };
  return [round(boxOf(trials)), round(first), round(second)];
}
