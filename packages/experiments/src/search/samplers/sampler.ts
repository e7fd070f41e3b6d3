// What samplers have in common. Random numbers are addressed by seed, trial and dimension: no draw depends on the order of others.
import { exact, streamOf } from '@descent/nn';
import type { Point, Space } from '../space.ts';
import type { Trial } from '../trial.ts';

/** How a search chooses what to try, told apart by `kind`. */
export type SamplerSpec = PlainSamplerSpec | NarrowingSpec | TpeSpec;

/** One that learns nothing: by lot, on a grid, or on Sobol's sequence (1967). */
export interface PlainSamplerSpec {
  /** What tells samplers apart. */
  readonly kind: 'random' | 'grid' | 'sobol';
}

/** Keeps a share of the best and goes on in the range that they span. */
export interface NarrowingSpec {
  /** What tells samplers apart. */
  readonly kind: 'narrowing';
  /** The share, from 0 to 1. */
  readonly keep: number;
}

/** Tree-structured Parzen estimators (Bergstra et al. 2011). */
export interface TpeSpec {
  /** What tells samplers apart. */
  readonly kind: 'tpe';
  /** Trials by lot before it begins to learn. */
  readonly startup: number;
}

export interface Sampler {
  /** How many trials there are. */
  readonly count: number;
  /** Whether it looks at earlier rounds. */
  readonly learns: boolean;
  /**
   * @param history the trials of all earlier rounds, in their order
   * @param running what the earlier trials of the same round try
   */
  suggest(index: number, history: readonly Trial[], running: readonly Point[]): Point;
}

/** What a sampler is made for. */
export interface Search {
  readonly space: Space;
  readonly trials: number;
  readonly sampler: SamplerSpec;
}

/** A number in [0, 1) of a trial's own, by the place of its dimension; further ones of a dimension have streams of their own. */
export type Rng = (trial: number, dimension: number, further?: number) => number;

export function seededRng(seed: number): Rng {
  return (trial, dimension, further) =>
    further === undefined
      ? exact.uniformAt(seed, streamOf('trials'), trial, dimension)
      : exact.uniformAt(seed, streamOf('trials', 1 + dimension), trial, further);
}
