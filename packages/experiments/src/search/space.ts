// Where a search looks: dimensions, as JSON. A point has one coordinate in each dimension that applies to it.
import { exact } from '@descent/nn';

const { fround } = Math;
const LN10 = fround(Math.LN10);

/** Which points a dimension applies to. */
export interface Condition {
  /** An earlier, categorical dimension. */
  readonly name: string;
  /** Choices of it; any of these will do. */
  readonly is: readonly string[];
}

/** A dimension that applies to those points only that chose one of some choices in an earlier, categorical one. */
interface Conditional {
  /** Missing: it always applies. */
  readonly when?: Condition;
}

/** Under `log` the ends are exponents to base 10, as is the coordinate: 10ᵘ is tried. */
export interface FloatDimension extends Conditional {
  /** What tells dimensions apart. */
  readonly kind: 'float';
  /** Unique within the space. */
  readonly name: string;
  /** The least coordinate. */
  readonly low: number;
  /** The greatest coordinate. */
  readonly high: number;
  /** Whether coordinates are exponents. Missing: they are not. */
  readonly log?: boolean;
}

/** Whole numbers, both ends included. Under `log` small ones are told apart more finely; ends and coordinate are the numbers themselves. */
export interface IntDimension extends Conditional {
  /** What tells dimensions apart. */
  readonly kind: 'int';
  /** Unique within the space. */
  readonly name: string;
  /** The least number. */
  readonly low: number;
  /** The greatest number. */
  readonly high: number;
  /** Whether small ones are told apart more finely. Missing: they are not. */
  readonly log?: boolean;
}

/** The coordinate is the place of a choice. */
export interface CategoricalDimension extends Conditional {
  /** What tells dimensions apart. */
  readonly kind: 'categorical';
  /** Unique within the space. */
  readonly name: string;
  /** At least one. */
  readonly choices: readonly string[];
}

/** One thing that trials differ in, told apart by `kind`. */
export type Dimension = FloatDimension | IntDimension | CategoricalDimension;
/** All that trials differ in; a conditional dimension comes after the one that it hangs on. */
export type Space = readonly Dimension[];

/** Coordinates by the name of the dimension; one that does not apply is missing. All are float32. */
export type Point = Readonly<Record<string, number>>;

/** The axis that a dimension is searched on: what is uniform there is what a search holds for equally likely. */
export interface Axis {
  readonly low: number;
  readonly high: number;
  /** A coordinate's place on it. */
  readonly place: (coordinate: number) => number;
  /** The coordinate at a place, within the dimension whatever the place is. */
  readonly coordinate: (place: number) => number;
}

/** Of an integer, from half below the least to half above the greatest, so that each has an equal share; of choices likewise. */
export function axisOf(dimension: Dimension): Axis {
  if (dimension.kind === 'categorical') return wholeAxis(0, dimension.choices.length - 1);
  const { low, high } = dimension;
  if (dimension.kind === 'int') return dimension.log ? logAxis(low, high) : wholeAxis(low, high);
  return { low, high, place: (x) => x, coordinate: (x) => fround(Math.min(high, Math.max(low, x))) };
}

function wholeAxis(low: number, high: number): Axis {
  const coordinate = (x: number) => Math.min(high, Math.max(low, Math.round(x)));
  return { low: low - 0.5, high: high + 0.5, place: (x) => x, coordinate };
}

function logAxis(low: number, high: number): Axis {
  const place = (x: number) => exact.log(fround(x));
  const coordinate = (x: number) => Math.min(high, Math.max(low, Math.round(exact.exp(fround(x)))));
  return { low: place(low - 0.5), high: place(high + 0.5), place, coordinate };
}

/** The place on an axis, or on a part of it, at a share of the way; rounded as the first version of the search did. */
export function placeAt({ low, high }: Pick<Axis, 'low' | 'high'>, share: number): number {
  return fround(low + fround(fround(high - low) * share));
}

/** What is tried at a coordinate: a number, or the name of a choice. */
export function valueAt(dimension: Dimension, coordinate: number): number | string {
  if (dimension.kind === 'categorical') return dimension.choices[coordinate] as string;
  return dimension.kind === 'float' && dimension.log ? exact.exp(fround(coordinate * LN10)) : coordinate;
}

/** Point by point what is tried, by the name of the dimension. */
export function valuesAt(space: Space, point: Point): Readonly<Record<string, number | string>> {
  const applying = space.filter(({ name }) => name in point);
  return Object.fromEntries(
    applying.map((dimension) => [dimension.name, valueAt(dimension, point[dimension.name] as number)]),
  );
}

/** A point from a coordinate for each dimension that applies, asked for in the order of the space. */
export function pointOf(space: Space, coordinate: (dimension: Dimension, place: number) => number): Point {
  const point: Record<string, number> = {};
  for (const [place, dimension] of space.entries()) {
    if (applies(dimension, space, point)) point[dimension.name] = coordinate(dimension, place);
  }
  return point;
}

/** Whether a dimension applies to a point, whose earlier coordinates stand. */
function applies({ when }: Dimension, space: Space, point: Point): boolean {
  if (!when) return true;
  const parent = space.find(({ name }) => name === when.name);
  const choice = point[when.name];
  return parent?.kind === 'categorical' && choice !== undefined && when.is.includes(parent.choices[choice] as string);
}

/** @throws RangeError where a search could not make sense of it */
export function checkSpace(space: Space): Space {
  const fail = (name: string, expected: string): never => {
    throw new RangeError(`[space] expected ${name} to ${expected}`);
  };
  for (const [index, dimension] of space.entries()) {
    const { name, when } = dimension;
    const earlier = space.slice(0, index);
    if (earlier.some((other) => other.name === name)) fail(name, 'be the name of one dimension but it is that of two');
    if (dimension.kind === 'categorical') {
      if (dimension.choices.length === 0) fail(name, 'have a choice but it has none');
    } else {
      const { low, high } = dimension;
      if (!(low <= high)) fail(name, `reach from low to high but got ${low} to ${high}`);
      const isCut = dimension.kind === 'int' && !(Number.isInteger(low) && Number.isInteger(high));
      if (isCut) fail(name, `have whole ends but got ${low} and ${high}`);
      if (dimension.kind === 'int' && dimension.log && low < 1)
        fail(name, `start at 1 or above, being logarithmic, but got ${low}`);
    }
    const parent = earlier.find((other) => other.name === when?.name);
    const stray = when?.is.find((choice) => parent?.kind !== 'categorical' || !parent.choices.includes(choice));
    if (when && stray !== undefined)
      fail(name, `depend on a choice of an earlier dimension but ${when.name} has no ${stray}`);
  }
  return space;
}
