// What the figures of a search share: trials with a value, and names and axes of dimensions.
import type { Points } from '../../figure/downsample.ts';
import type { Axis, Curve } from '../../figure/figure.ts';
import { message } from '../../i18n/index.ts';
import { measureName } from '../../record/measure-name.ts';
import type { RunRecord } from '../../record/record.ts';
import { type Text, toText } from '../../text.ts';
import { type Dimension, isExponent, toAxis } from '../space.ts';
import { type Study, trialsIn } from '../study.ts';
import { ranked, type Trial } from '../trial.ts';

/** The number of best trials, as in the book. */
export const BEST_TRIALS = 20;

/** A trial whose value is a number: 0 if it diverged. */
export interface CompletedTrial extends Trial {
  /** Whether it is one of the best. */
  readonly isBest: boolean;
}

/** Returns the trials with a value, in their order. */
export function completedTrials(study: Study, record: RunRecord): CompletedTrial[] {
  const measured = trialsIn(study, record)
    .map((trial) => (trial.state === 'diverged' ? { ...trial, value: 0 } : trial))
    .filter(({ value, point }) => Number.isFinite(value) && Object.keys(point).length > 0);
  const best = new Set(ranked(measured).slice(0, BEST_TRIALS));
  return measured.map((trial) => ({ ...trial, isBest: best.has(trial) }));
}

type Group = readonly [name: string, trials: readonly CompletedTrial[]];

/** Splits the trials into the best and the others, with the names of their curves. Few trials stay together. */
function groupTrials(trials: readonly CompletedTrial[]): readonly Group[] {
  if (trials.length <= BEST_TRIALS) return [['trials', trials]];
  return [
    [`best ${BEST_TRIALS}`, trials.filter(({ isBest }) => isBest)],
    ['others', trials.filter(({ isBest }) => !isBest)],
  ];
}

/** Returns the curves of all trials, with those of the best in front. */
export function trialCurves(
  trials: readonly CompletedTrial[],
  pointsOf: (trial: CompletedTrial) => readonly Points[],
): Curve[] {
  return groupTrials(trials).flatMap(([name, group], i) =>
    ranked(group).flatMap((trial) =>
      pointsOf(trial).map(({ x, y }): Curve => ({ name, of: trial.name, x, y, role: i === 0 ? 'smooth' : 'raw' })),
    ),
  );
}

/** Returns the points of both groups of trials. */
export function trialPoints(
  trials: readonly CompletedTrial[],
  x: (trial: CompletedTrial) => number | undefined,
  y: (trial: CompletedTrial) => number,
): Curve[] {
  return groupTrials(trials).map(([name, group]) => {
    const applying = group.filter((trial) => x(trial) !== undefined);
    return { name, x: applying.map((trial) => x(trial) as number), y: applying.map(y), role: 'points' };
  });
}

/** Returns the name of a dimension, or of its exponent. */
export function dimensionName(dimension: Dimension): Text {
  const key = isExponent(dimension) ? `${dimension.name}Exponent` : dimension.name;
  return toText((lang) => measureName(key, lang));
}

/** Returns an axis for the coordinates of a dimension. */
export function coordinateAxis(dimension: Dimension): Axis {
  const label = dimensionName(dimension);
  if (dimension.kind !== 'categorical') {
    const isInt = dimension.kind === 'int';
    return { label, domain: [dimension.low, dimension.high], isWhole: isInt, isLog: isInt && dimension.log === true };
  }
  const { low, high } = toAxis(dimension);
  return { label, domain: [low, high], names: dimension.choices };
}

/** Returns an axis for the values of trials. */
export function valueAxis({ measure }: Study): Axis {
  return { label: toText((lang) => measureName(measure, lang)), domain: [0, 1] };
}

export const emptyLabel = toText(() => '');
export const trialAxis: Axis = { label: message('search.completed-trials.trial-axis.label'), isWhole: true };
export const roundAxis: Axis = { label: message('search.completed-trials.round-axis.label'), isWhole: true };
