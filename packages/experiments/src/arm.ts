// What one training is, as JSON: everything a worker on the other side of a message needs, data apart.
import type { SurfaceName } from './surface.ts';

/** Whose rules hold where the book's programs and today's frameworks differ. */
export type Dialect = 'modern' | 'book';

/** An update rule with its settings. `eps` and the like are spelled out, so that an arm does not lean on a default. */
export type OptimizerSpec =
  | { readonly kind: 'sgd'; readonly lr: number; readonly momentum: number }
  | { readonly kind: 'adagrad'; readonly lr: number; readonly eps: number }
  | {
      readonly kind: 'adam';
      readonly lr: number;
      readonly beta1: number;
      readonly beta2: number;
      readonly eps: number;
      /** Whether eps is added to √v before its correction: the book's rule, and the paper's ε̂. */
      readonly epsilonHat: boolean;
    };

export type Activation = 'relu' | 'sigmoid' | 'tanh';

/** How weights start. `xavier` is the book's √(1/fanIn), `glorot` √(2/(fanIn + fanOut)), `he` √(2/fanIn), `normal` takes `std`. */
export type InitSpec =
  | { readonly kind: 'he' | 'xavier' | 'glorot' }
  | { readonly kind: 'normal'; readonly std: number };

/** A fully connected network that learns to name images. */
export interface ClassifierTask {
  readonly kind: 'classifier';
  readonly hiddenSizes: readonly number[];
  readonly activation: Activation;
  readonly init: InitSpec;
  readonly optimizer: OptimizerSpec;
  /** Examples a step, drawn with replacement. */
  readonly batchSize: number;
  readonly steps: number;
  /** The first so many training examples; all of them, where there are fewer. */
  readonly trainSamples: number;
  /** Test accuracy every so many steps; 0: at the end only. */
  readonly evaluateEvery: number;
  /** Training loss before the update ('modern') or of the same batch after it ('book'); likewise where an accuracy curve begins. */
  readonly dialect: Dialect;
}

/** A point that rolls down a function of two variables. */
export interface SurfaceTask {
  readonly kind: 'surface';
  readonly surface: SurfaceName;
  readonly start: readonly [x: number, y: number];
  readonly optimizer: OptimizerSpec;
  readonly steps: number;
}

/** One curve of an experiment. Arms of one seed share initial weights and batches. */
export interface ArmSpec {
  /** Unique within the run; also the curve's name. */
  readonly name: string;
  readonly seed: number;
  readonly task: ClassifierTask | SurfaceTask;
}
