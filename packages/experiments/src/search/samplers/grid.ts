// Every combination of evenly spaced places, as many along each dimension as the trials suffice for.

import { axisOf, type Dimension, type Point, pointOf, type Space } from '../space.ts';
import type { Sampler, Search } from './sampler.ts';

export function grid({ space, trials }: Search): Sampler {
  const points = finest(space, trials);
  return { count: points.length, learns: false, suggest: (index) => points[index] as Point };
}

/**
 * The points of the finest grid that the trials suffice for, the last dimension running fastest. A dimension of numbers has
 * the same count of places everywhere, from end to end (one: the middle); an integer has no more than it has values, a choice all it has.
 */
function finest(space: Space, trials: number): Point[] {
  let points = pointsOf(space, 1, trials);
  for (let places = 2; places <= trials; places++) {
    const finer = pointsOf(space, places, trials + 1);
    if (finer.length > trials || finer.length === points.length) break;
    points = finer;
  }
  return points;
}

/** The first so many. */
function pointsOf(space: Space, places: number, most: number): Point[] {
  let points: Point[] = [{}];
  for (const [index, dimension] of space.entries()) {
    const before = space.slice(0, index + 1);
    points = points.flatMap((point) => {
      const further = coordinatesOf(dimension, places).map((coordinate) =>
        pointOf(before, ({ name }) => (name === dimension.name ? coordinate : (point[name] as number))),
      );
      return dimension.name in (further[0] as Point) ? further : [point];
    });
    if (points.length > most) points.length = most;
  }
  return points;
}

function coordinatesOf(dimension: Dimension, places: number): number[] {
  if (dimension.kind === 'categorical') return dimension.choices.map((_, choice) => choice);
  const { low, high, coordinate } = axisOf(dimension);
  const count = low === high ? 1 : places;
  const at = (i: number) => (count === 1 ? (low + high) / 2 : low + ((high - low) * i) / (count - 1));
  return [...new Set(Array.from({ length: count }, (_, i) => coordinate(at(i))))];
}
