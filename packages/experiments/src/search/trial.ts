// Trials: state, value and parameters, read from the records of their arms.
import type { ArmRecord } from '../record/record.ts';
import { type Dimension, isExponent, type Point, type Space, valueAt } from './space.ts';

/** State of a trial: that of its arm, or `pruned` if it was stopped because others were better. */
export type TrialState = ArmRecord['status'] | 'pruned';

/** One training of a search. */
export interface Trial {
  /** Counts from 0. */
  readonly index: number;
  /** Name of its arm. */
  readonly name: string;
  /** Its parameters, as coordinates. */
  readonly point: Point;
  /** The state of the trial. */
  readonly state: TrialState;
  /** The last measurement, which is maximized; −∞ if the trial diverged, NaN if nothing was measured. */
  readonly value: number;
  /** Steps done. */
  readonly step: number;
  /** The round of the trial, from 0. */
  readonly round: number;
}

/** Returns whether an arm has finished or diverged. */
export function isOver(record: ArmRecord | undefined): boolean {
  return record !== undefined && record.status !== 'interrupted';
}

/** Returns the number of steps that an arm has done: every step logs its loss. */
export function lastStep({ series }: Pick<ArmRecord, 'series'>): number {
  return series.trainLoss?.step.at(-1) ?? 0;
}

/**
 * Returns the last value of a measure up to a step: NaN if there is none, −∞ if the arm had diverged. A measure that is taken only at
 * the end is in `final`.
 */
export function valueUpTo(record: ArmRecord, measure: string, step = Number.POSITIVE_INFINITY): number {
  const { series, divergence, final } = record;
  if (divergence && divergence.step <= step) return Number.NEGATIVE_INFINITY;
  if (!series[measure] && step === Number.POSITIVE_INFINITY) return final[measure] ?? Number.NaN;
  const { step: steps = [], value = [] } = series[measure] ?? {};
  return value[steps.findLastIndex((at) => at <= step)] ?? Number.NaN;
}

/** Creates the trial of an arm. */
export function createTrial(record: ArmRecord, measure: string, rest: Pick<Trial, 'index' | 'point' | 'round'>): Trial {
  const { name, status, pruned } = record;
  const state = pruned ? 'pruned' : status;
  return { ...rest, name, state, value: valueUpTo(record, measure), step: lastStep(record) };
}

/** Sorts by value, the best first. Equal values keep their order; NaN comes last. */
export function ranked<T extends { readonly value: number }>(trials: readonly T[]): T[] {
  const sortValue = ({ value }: T) => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value);
  // A difference would be NaN for −∞ − −∞.
  return [...trials].sort((a, b) => Number(sortValue(b) > sortValue(a)) - Number(sortValue(a) > sortValue(b)));
}

const seriesKey = (dimension: Dimension) => (isExponent(dimension) ? `${dimension.name}Exponent` : dimension.name);

/** Returns what a trial logs before its first step: values, with indices for choices, and then the exponents. */
export function sampledValues(space: Space, point: Point): Record<string, number> {
  const applying = space.filter(({ name }) => name in point);
  const coordinate = ({ name }: Dimension) => point[name] as number;
  const value = (dimension: Dimension) =>
    dimension.kind === 'categorical' ? coordinate(dimension) : (valueAt(dimension, coordinate(dimension)) as number);
  return Object.fromEntries([
    ...applying.map((dimension) => [dimension.name, value(dimension)]),
    ...applying.filter(isExponent).map((dimension) => [seriesKey(dimension), coordinate(dimension)]),
  ]);
}

/** Reads the point of a trial from the series of its arm. */
export function pointIn(space: Space, { series }: Pick<ArmRecord, 'series'>): Point {
  const coordinates = space.flatMap((dimension) => {
    const logged = series[seriesKey(dimension)]?.value[0];
    return logged === undefined ? [] : [[dimension.name, logged] as const];
  });
  return Object.fromEntries(coordinates);
}
