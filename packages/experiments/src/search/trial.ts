// What a search knows of a trial, and the order of trials from the best.
import type { ArmRecord } from '../record/record.ts';
import { type Dimension, type Point, type Space, valueAt } from './space.ts';

/** How a trial stands: as its arm, but `pruned` where it was stopped because others did better. */
export type TrialState = ArmRecord['status'] | 'pruned';

/** What a search knows of one of its trainings. */
export interface Trial {
  /** Counts from 0. */
  readonly index: number;
  /** Of its arm. */
  readonly name: string;
  /** What it tries, as coordinates. */
  readonly point: Point;
  /** How it stands. */
  readonly state: TrialState;
  /** What is to be as great as possible, when last measured; −∞ of a trial that diverged, NaN where nothing was measured. */
  readonly value: number;
  /** Steps done. */
  readonly step: number;
  /** The round that it belongs to, from 0. */
  readonly round: number;
}

/** Whether an arm has ended, finished or diverged. */
export function isOver(record: ArmRecord | undefined): boolean {
  return record !== undefined && record.status !== 'interrupted';
}

/** Steps that an arm has done: every one of them logs its loss. */
export function stepOf({ series }: Pick<ArmRecord, 'series'>): number {
  return series.trainLoss?.step.at(-1) ?? 0;
}

/**
 * A measure when it was last taken by some step, or at all: NaN where it was not, −∞ of an arm that had diverged. What is measured
 * at the end only stands in `final`.
 */
export function valueBy(record: ArmRecord, measure: string, step = Number.POSITIVE_INFINITY): number {
  const { series, divergence, final } = record;
  if (divergence && divergence.step <= step) return Number.NEGATIVE_INFINITY;
  if (!series[measure] && step === Number.POSITIVE_INFINITY) return final[measure] ?? Number.NaN;
  const { step: steps = [], value = [] } = series[measure] ?? {};
  const last = steps.findLastIndex((at) => at <= step);
  return value[last] ?? Number.NaN;
}

export function stateOf({ status, pruned }: Pick<ArmRecord, 'status' | 'pruned'>): TrialState {
  return pruned ? 'pruned' : status;
}

/** The best first; of equals the earlier; those without a value last. */
export function ranked<T extends { readonly value: number }>(trials: readonly T[]): T[] {
  const height = ({ value }: T) => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value);
  // Differences would not do: −∞ − −∞ is no number.
  return [...trials].sort((a, b) => (height(a) === height(b) ? 0 : height(b) > height(a) ? 1 : -1));
}

/** What a trial logs before its first step: what it tries, of choices the place; then the coordinates that are not values. */
export function sampledValues(space: Space, point: Point): Record<string, number> {
  const here = space.filter(({ name }) => name in point);
  const tried = (dimension: Dimension) => {
    const coordinate = point[dimension.name] as number;
    return dimension.kind === 'categorical' ? coordinate : (valueAt(dimension, coordinate) as number);
  };
  return Object.fromEntries([
    ...here.map((dimension) => [dimension.name, tried(dimension)]),
    ...here.filter(isLog).map(({ name }) => [`${name}Exponent`, point[name] as number]),
  ]);
}

const isLog = (dimension: Dimension) => dimension.kind === 'float' && dimension.log === true;

/** The point that a record's draws tell. */
export function pointIn(space: Space, { series }: Pick<ArmRecord, 'series'>): Point {
  const coordinates = space.flatMap((dimension) => {
    const logged = series[isLog(dimension) ? `${dimension.name}Exponent` : dimension.name]?.value[0];
    return logged === undefined ? [] : [[dimension.name, logged] as const];
  });
  return Object.fromEntries(coordinates);
}
