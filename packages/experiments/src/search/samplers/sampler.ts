// Samplers. Random numbers are addressed by seed, trial and dimension, so no number depends on the order of the others.
import { exact, streamOf } from '@descent/nn';
import type { Point, Space } from '../space.ts';
import type { Trial } from '../trial.ts';

/** How a search chooses the parameters of trials. */
export type SamplerSpec = PlainSamplerSpec | NarrowingSpec | TpeSpec;

/** A sampler that ignores results: random, on a grid, or on Sobol's sequence (1967). */
export interface PlainSamplerSpec {
  /** The kind of sampler. */
  readonly kind: 'random' | 'grid' | 'sobol';
}

/** Random within ranges that shrink every round to those of the best trials. */
export interface NarrowingSpec {
  /** The kind of sampler. */
  readonly kind: 'narrowing';
  /** Fraction of the trials that are the best, from 0 to 1. */
  readonly keep: number;
}

/** Tree-structured Parzen estimator (Bergstra et al. 2011). */
export interface TpeSpec {
  /** The kind of sampler. */
  readonly kind: 'tpe';
  /** Random trials before the estimator is used. */
  readonly startup: number;
}

export interface Sampler {
  /** The number of trials. */
  readonly count: number;
  /** Whether samples depend on earlier rounds. */
  readonly learns: boolean;
  /**
   * Returns the parameters of a trial.
   * @param history the trials of all earlier rounds, in their order
   * @param running parameters of the earlier trials of the same round
   */
  sample(index: number, history: readonly Trial[], running: readonly Point[]): Point;
}

/** What a sampler needs of a study. */
export interface SearchSpec {
  readonly space: Space;
  readonly trials: number;
  readonly sampler: SamplerSpec;
}

/** Returns a number in [0, 1) for a trial and a dimension; with `draw`, one of several. */
export type Rng = (trial: number, dimension: number, draw?: number) => number;

export function seededRng(seed: number): Rng {
  return (trial, dimension, draw) =>
    draw === undefined
      ? exact.uniformAt(seed, streamOf('trials'), trial, dimension)
      : exact.uniformAt(seed, streamOf('trials', 1 + dimension), trial, draw);
}
