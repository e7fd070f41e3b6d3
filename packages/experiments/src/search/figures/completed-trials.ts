// What the figures of a search share: trials that have a value, names and axes of what they tried.

import type { Points } from '../../figure/downsample.ts';
import type { Axis, Curve } from '../../figure/figure.ts';
import { message } from '../../i18n/index.ts';
import { measureName } from '../../record/measure-name.ts';
import type { RunRecord } from '../../record/record.ts';
import { langs, type Text } from '../../text.ts';
import { axisOf, type Dimension } from '../space.ts';
import type { Study } from '../study.ts';
import { ranked, type Trial } from '../trial.ts';
import { trialsOf } from '../trials.ts';

/** As many as the book shows. */
export const SHOWN = 20;

/** A trial whose value is a number: 0 of one that diverged. */
export interface CompletedTrial extends Trial {
  /** Whether it is among the best. */
  readonly isBest: boolean;
}

/** Those with a value, in their order. */
export function completedTrials(study: Study, record: RunRecord): CompletedTrial[] {
  const measured = trialsOf(study, record)
    .map((trial) => (trial.state === 'diverged' ? { ...trial, value: 0 } : trial))
    .filter(({ value, point }) => Number.isFinite(value) && Object.keys(point).length > 0);
  const best = new Set(ranked(measured).slice(0, SHOWN));
  return measured.map((trial) => ({ ...trial, isBest: best.has(trial) }));
}

type Group = readonly [name: string, trials: readonly CompletedTrial[]];

/** The best and the others, as names of curves; all of them where there are no others. */
export function groupsOf(trials: readonly CompletedTrial[]): readonly Group[] {
  if (trials.length <= SHOWN) return [['trials', trials]];
  return [
    [`best ${SHOWN}`, trials.filter(({ isBest }) => isBest)],
    ['others', trials.filter(({ isBest }) => !isBest)],
  ];
}

/** The curves of every trial, those of the best in front. */
export function curvesOf(
  trials: readonly CompletedTrial[],
  curve: (trial: CompletedTrial) => readonly Points[],
): Curve[] {
  return groupsOf(trials).flatMap(([name, some], i) =>
    ranked(some).flatMap((trial) =>
      curve(trial).map(({ x, y }): Curve => ({ name, of: trial.name, x, y, role: i === 0 ? 'smooth' : 'raw' })),
    ),
  );
}

export function scatterPoints(
  name: string,
  trials: readonly CompletedTrial[],
  x: (trial: CompletedTrial) => number,
  y: (trial: CompletedTrial) => number,
) {
  return { name, x: trials.map(x), y: trials.map(y), role: 'points' } satisfies Curve;
}

/** What is searched along a dimension: its name, or that of its exponent. */
export function nameOf(dimension: Dimension): Text {
  const isExponent = dimension.kind === 'float' && dimension.log;
  const key = isExponent ? `${dimension.name}Exponent` : dimension.name;
  return Object.fromEntries(langs.map((lang) => [lang, measureName(key, lang)])) as unknown as Text;
}

/** An axis that coordinates of a dimension stand on. */
export function coordinateAxis(dimension: Dimension): Axis {
  const label = nameOf(dimension);
  if (dimension.kind !== 'categorical') {
    const isInt = dimension.kind === 'int';
    return { label, domain: [dimension.low, dimension.high], isWhole: isInt, isLog: isInt && dimension.log === true };
  }
  const { low, high } = axisOf(dimension);
  return { label, domain: [low, high], names: dimension.choices };
}

/** What trials are judged by. */
export function valueAxis({ measure }: Study): Axis {
  const label = Object.fromEntries(langs.map((lang) => [lang, measureName(measure, lang)])) as unknown as Text;
  return { label, domain: [0, 1] };
}

/** Where something else says it. */
export const emptyLabel: Text = { en: '', ko: '', ja: '' };

export const trialAxis: Axis = { label: message('search.completed-trials.trial-axis.label'), isWhole: true };
export const roundAxis: Axis = { label: message('search.completed-trials.round-axis.label'), isWhole: true };
