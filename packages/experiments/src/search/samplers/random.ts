// Every trial for itself: uniform on the axis of each dimension.

import { axisOf, placeAt, pointOf } from '../space.ts';
import type { Rng, Sampler, Search } from './sampler.ts';

export function random({ space, trials: count }: Search, dice: Rng): Sampler {
  const suggest = (index: number) =>
    pointOf(space, (dimension, place) => {
      const axis = axisOf(dimension);
      return axis.coordinate(placeAt(axis, dice(index, place)));
    });
  return { count, learns: false, suggest };
}
