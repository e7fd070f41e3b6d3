// Random search: every trial is independent, and uniform on the axis of each dimension.
import { createPoint, interpolate, toAxis } from '../space.ts';
import type { Rng, Sampler, SearchSpec } from './sampler.ts';

export function randomSampler({ space, trials: count }: SearchSpec, rng: Rng): Sampler {
  const sample = (trial: number) =>
    createPoint(space, (dimension, index) => {
      const axis = toAxis(dimension);
      return axis.toCoordinate(interpolate(axis, rng(trial, index)));
    });
  return { count, learns: false, sample };
}
