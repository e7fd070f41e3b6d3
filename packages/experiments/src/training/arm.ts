// What one training is, as JSON: everything a worker on the other side of a message needs, data apart.
import type { SurfaceName } from './surface.ts';

/** Whose rules hold where the book's programs and today's frameworks differ. */
export type Dialect = 'modern' | 'book';

/**
 * An update rule with its settings. `eps` and the like are spelled out, so that an arm does not lean on a default.
 * `weightDecay` is λ, on weights only; missing: 0.
 */
export type OptimizerSpec = { readonly lr: number; readonly weightDecay?: number } & (
  | { readonly kind: 'sgd'; readonly momentum: number; readonly nesterov?: boolean }
  | { readonly kind: 'adagrad'; readonly eps: number }
  | { readonly kind: 'rmsprop'; readonly alpha: number; readonly eps: number }
  | {
      /** Decay goes through the gradient ('adam') or straight to the weights ('adamw'). */
      readonly kind: 'adam' | 'adamw';
      readonly beta1: number;
      readonly beta2: number;
      readonly eps: number;
      /** Whether eps is added to √v before its correction: the book's rule, and the paper's ε̂. */
      readonly epsilonHat: boolean;
    }
);

export type Activation = 'relu' | 'sigmoid' | 'tanh';

/** How weights start. `xavier` is the book's √(1/fanIn), `glorot` √(2/(fanIn + fanOut)), `he` √(2/fanIn), `normal` takes `std`. */
export type InitSpec =
  | { readonly kind: 'he' | 'xavier' | 'glorot' }
  | { readonly kind: 'normal'; readonly std: number };

/** What makes the sums of a layer alike before they are activated. */
export type Norm = 'none' | 'batch' | 'layer';

/**
 * A fully connected network: for each hidden size a linear layer, its norm, its activation and its dropout, then a linear
 * layer to the classes.
 */
export interface PerceptronSpec {
  readonly kind: 'perceptron';
  readonly hiddenSizes: readonly number[];
  readonly activation: Activation;
  readonly init: InitSpec;
  readonly norm: Norm;
  /** Share of the hidden outputs that is dropped in training; 0: no dropout. */
  readonly dropout: number;
}

/** A vanilla recurrent network that reads an image piece by piece, then a linear layer to the classes. */
export interface RecurrentSpec {
  readonly kind: 'recurrent';
  /** Into how many pieces of equal length an image is cut, from the top left to the bottom right. */
  readonly sequenceSteps: number;
  readonly hiddenSize: number;
  readonly norm: Norm;
  /** What γ of the norm starts at. */
  readonly initialGamma: number;
}

/** For each number of channels a convolution, its activation and a pooling by 2; then a perceptron. */
export interface ConvnetSpec extends Omit<PerceptronSpec, 'kind'> {
  readonly kind: 'convnet';
  readonly channels: readonly number[];
  readonly kernelSize: number;
}

export type NetworkSpec = PerceptronSpec | RecurrentSpec | ConvnetSpec;

/** Examples on which accuracy is measured; 'batch' are the test examples under the statistics of their own batch. */
export type Part = 'train' | 'validation' | 'test' | 'batch';

/** A network that learns to name images. */
export interface ClassifierTask {
  readonly kind: 'classifier';
  readonly network: NetworkSpec;
  readonly optimizer: OptimizerSpec;
  /** Of a trial of a search: what it tries, by name. It stands in the other fields already, and is logged before the first step. */
  readonly trial?: Readonly<Record<string, number>>;
  /** Examples a step, drawn with replacement. */
  readonly batchSize: number;
  readonly steps: number;
  /** The first so many training examples; all of them, where there are fewer. */
  readonly trainSamples: number;
  /** The share of these that is set apart, drawn at random, and not trained on. */
  readonly validationShare: number;
  /** The first so many test examples; all of them, where there are fewer. */
  readonly testSamples: number;
  /** Whose accuracy is measured, during training and at its end. */
  readonly measures: readonly Part[];
  /** Accuracy every so many steps; 0: at the end only. */
  readonly evaluateEvery: number;
  /** Every so many steps, and before the first: the distribution of what each activation is given; missing: never. */
  readonly probeEvery?: number;
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

/** A network that does not learn: normal inputs go through it once, and each layer's activations are counted. */
export interface ActivationsTask {
  readonly kind: 'activations';
  /** The one pass. */
  readonly steps: 1;
  /** Inputs a row. */
  readonly inputs: number;
  readonly samples: number;
  readonly hiddenSizes: readonly number[];
  readonly activation: Activation;
  readonly init: InitSpec;
  readonly bins: number;
  /** What the bins span; values beyond are in none. */
  readonly range: readonly [low: number, high: number];
}

/** One curve of an experiment. Arms of one seed share initial weights and batches. */
export interface ArmSpec {
  /** Unique within the run; also the curve's name. */
  readonly name: string;
  readonly seed: number;
  readonly task: ClassifierTask | SurfaceTask | ActivationsTask;
}
