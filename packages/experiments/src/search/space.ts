// Search spaces as data: dimensions, as Optuna's distributions. A point has one coordinate per dimension that applies to it.
import { exact } from '@descent/nn';

const { fround } = Math;
const LN10 = fround(Math.LN10);

/** Condition under which a dimension applies. */
export interface Condition {
  /** Name of an earlier, categorical dimension. */
  readonly name: string;
  /** Its choices with which the dimension applies. */
  readonly is: readonly string[];
}

interface DimensionBase {
  /** Unique within the space. */
  readonly name: string;
  /** Default: the dimension always applies. */
  readonly when?: Condition;
}

/** A real number. With `log`, ends and coordinates are exponents to base 10: the value is 10ᵘ. */
export interface FloatDimension extends DimensionBase {
  /** The kind of dimension. */
  readonly kind: 'float';
  /** The smallest coordinate. */
  readonly low: number;
  /** The greatest coordinate. */
  readonly high: number;
  /** Whether coordinates are exponents. Default false. */
  readonly log?: boolean;
}

/** A whole number, both ends included. With `log`, its logarithm is sampled, but ends and coordinates are the numbers themselves. */
export interface IntDimension extends DimensionBase {
  /** The kind of dimension. */
  readonly kind: 'int';
  /** The smallest number. */
  readonly low: number;
  /** The greatest number. */
  readonly high: number;
  /** Whether the logarithm is sampled. Default false. */
  readonly log?: boolean;
}

/** One of several choices. The coordinate is the index of the choice. */
export interface CategoricalDimension extends DimensionBase {
  /** The kind of dimension. */
  readonly kind: 'categorical';
  /** At least one. */
  readonly choices: readonly string[];
}

/** A hyperparameter that is searched. */
export type Dimension = FloatDimension | IntDimension | CategoricalDimension;
/** The searched hyperparameters. A conditional dimension comes after the one it depends on. */
export type Space = readonly Dimension[];

/** Coordinates by the names of dimensions. A dimension that does not apply is missing. All are float32. */
export type Point = Readonly<Record<string, number>>;

/** The axis on which a dimension is sampled uniformly. */
export interface Axis {
  readonly low: number;
  readonly high: number;
  /** Returns the position of a coordinate on the axis. */
  readonly toPosition: (coordinate: number) => number;
  /** Returns the nearest coordinate of the dimension. */
  readonly toCoordinate: (position: number) => number;
}

/** Returns the axis of a dimension. Integers and choices extend by one half at both ends, so that all have equal shares. */
export function toAxis(dimension: Dimension): Axis {
  if (dimension.kind === 'categorical') return wholeAxis(0, dimension.choices.length - 1);
  const { low, high } = dimension;
  if (dimension.kind === 'int') return dimension.log ? logAxis(low, high) : wholeAxis(low, high);
  return { low, high, toPosition: (x) => x, toCoordinate: (x) => fround(clamp(x, low, high)) };
}

function wholeAxis(low: number, high: number): Axis {
  const toCoordinate = (x: number) => clamp(Math.round(x), low, high);
  return { low: low - 0.5, high: high + 0.5, toPosition: (x) => x, toCoordinate };
}

function logAxis(low: number, high: number): Axis {
  const toPosition = (x: number) => exact.log(fround(x));
  const toCoordinate = (x: number) => clamp(Math.round(exact.exp(fround(x))), low, high);
  return { low: toPosition(low - 0.5), high: toPosition(high + 0.5), toPosition, toCoordinate };
}

const clamp = (x: number, low: number, high: number) => Math.min(high, Math.max(low, x));

/** Interpolates between the ends of a range in float32. */
export function interpolate({ low, high }: Pick<Axis, 'low' | 'high'>, fraction: number): number {
  return fround(low + fround(fround(high - low) * fraction));
}

/** Returns the value at a coordinate: a number, or the name of a choice. */
export function valueAt(dimension: Dimension, coordinate: number): number | string {
  if (dimension.kind === 'categorical') return dimension.choices[coordinate] as string;
  return isExponent(dimension) ? exact.exp(fround(coordinate * LN10)) : coordinate;
}

/** Returns whether the coordinates of a dimension are exponents of its values. */
export function isExponent(dimension: Dimension): boolean {
  return dimension.kind === 'float' && dimension.log === true;
}

/** Returns the values of a point by the names of its dimensions. */
export function valuesAt(space: Space, point: Point): Readonly<Record<string, number | string>> {
  const applying = space.filter(({ name }) => name in point);
  return Object.fromEntries(
    applying.map((dimension) => [dimension.name, valueAt(dimension, point[dimension.name] as number)]),
  );
}

/** Creates a point. `coordinate` is called for each dimension that applies, in the order of the space. */
export function createPoint(space: Space, coordinate: (dimension: Dimension, index: number) => number): Point {
  const point: Record<string, number> = {};
  for (const [index, dimension] of space.entries()) {
    if (applies(dimension, space, point)) point[dimension.name] = coordinate(dimension, index);
  }
  return point;
}

function applies({ when }: Dimension, space: Space, point: Point): boolean {
  if (!when) return true;
  const parent = space.find(({ name }) => name === when.name);
  const choice = point[when.name];
  return parent?.kind === 'categorical' && choice !== undefined && when.is.includes(parent.choices[choice] as string);
}

/** @throws RangeError if the space is not valid */
export function checkSpace(space: Space): Space {
  for (const [index, dimension] of space.entries()) {
    const problem = findProblem(dimension, space.slice(0, index));
    if (problem) throw new RangeError(`[space] dimension ${dimension.name} ${problem}`);
  }
  return space;
}

function findProblem(dimension: Dimension, earlier: Space): string | undefined {
  const { name, when } = dimension;
  if (earlier.some((other) => other.name === name)) return 'exists twice';
  if (dimension.kind === 'categorical') {
    if (dimension.choices.length === 0) return 'has no choices';
  } else {
    const { low, high } = dimension;
    if (!(low <= high)) return `must have low ≤ high, got ${low} and ${high}`;
    const isWhole = Number.isInteger(low) && Number.isInteger(high);
    if (dimension.kind === 'int' && !isWhole) return `must have whole numbers as ends, got ${low} and ${high}`;
    if (dimension.kind === 'int' && dimension.log && low < 1) return `must start at 1 or above with log, got ${low}`;
  }
  const parent = earlier.find((other) => other.name === when?.name);
  const unknown = when?.is.find((choice) => parent?.kind !== 'categorical' || !parent.choices.includes(choice));
  return unknown === undefined
    ? undefined
    : `depends on ${when?.name}, which is not before it or has no choice ${unknown}`;
}

/** Formats `sgd`, `0.0123` or `1.9e-6`; — if a dimension does not apply. */
export function formatValue(value: number | string | undefined): string {
  if (typeof value !== 'number') return value ?? '—';
  const rounded = Number(value.toPrecision(3));
  return rounded !== 0 && Math.abs(rounded) < 1e-3 ? rounded.toExponential() : String(rounded);
}
