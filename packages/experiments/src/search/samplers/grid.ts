// Grid search: all combinations of evenly spaced values, as many per dimension as the number of trials allows.
import { createPoint, type Dimension, type Point, type Space, toAxis } from '../space.ts';
import type { Sampler, SearchSpec } from './sampler.ts';

export function gridSampler({ space, trials }: SearchSpec): Sampler {
  const points = finestGrid(space, trials);
  return { count: points.length, learns: false, sample: (index) => points[index] as Point };
}

/**
 * Returns the points of the finest grid with at most `trials` points; the last dimension varies fastest. Numeric dimensions have equally
 * many values from end to end (a single one: the middle), integers at most as many as there are, categorical ones all choices.
 */
function finestGrid(space: Space, trials: number): Point[] {
  let points = gridPoints(space, 1, trials);
  for (let resolution = 2; resolution <= trials; resolution++) {
    const finer = gridPoints(space, resolution, trials + 1);
    if (finer.length > trials || finer.length === points.length) break;
    points = finer;
  }
  return points;
}

/** Returns the first `limit` points of a grid. */
function gridPoints(space: Space, resolution: number, limit: number): Point[] {
  let points: Point[] = [{}];
  for (const [index, dimension] of space.entries()) {
    const subspace = space.slice(0, index + 1);
    points = points.flatMap((point) => {
      const extended = gridCoordinates(dimension, resolution).map((coordinate) =>
        createPoint(subspace, ({ name }) => (name === dimension.name ? coordinate : (point[name] as number))),
      );
      return dimension.name in (extended[0] as Point) ? extended : [point];
    });
    if (points.length > limit) points.length = limit;
  }
  return points;
}

function gridCoordinates(dimension: Dimension, resolution: number): number[] {
  if (dimension.kind === 'categorical') return dimension.choices.map((_, choice) => choice);
  const { low, high, toCoordinate } = toAxis(dimension);
  const count = low === high ? 1 : resolution;
  const position = (i: number) => (count === 1 ? (low + high) / 2 : low + ((high - low) * i) / (count - 1));
  return [...new Set(Array.from({ length: count }, (_, i) => toCoordinate(position(i))))];
}
