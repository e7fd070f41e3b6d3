// What one training is, as JSON: everything a worker on the other side of a message needs, data apart.
import type { ActivationName } from '@descent/nn';
import type { SurfaceName } from './surface.ts';

/** Whose rules hold where the book's programs and today's frameworks differ. */
export type Dialect = 'modern' | 'book';

/**
 * An update rule with its settings. `eps` and the like are spelled out, so that an arm does not lean on a default.
 */
export type OptimizerSpec = SGDSpec | AdagradSpec | RMSpropSpec | AdamSpec;

interface Rated {
  /** Learning rate η. */
  readonly lr: number;
  /** λ, on weights only. Missing: 0. */
  readonly weightDecay?: number;
}

/** `SGD`, without momentum or with. */
export interface SGDSpec extends Rated {
  /** What tells optimizers apart. */
  readonly kind: 'sgd';
  /** μ; 0: none. */
  readonly momentum: number;
  /** Whether the gradient is taken ahead (Nesterov 1983). Missing: no. */
  readonly nesterov?: boolean;
}

/** `Adagrad`. */
export interface AdagradSpec extends Rated {
  /** What tells optimizers apart. */
  readonly kind: 'adagrad';
  /** ε, added to √h. */
  readonly eps: number;
}

/** `RMSprop`. */
export interface RMSpropSpec extends Rated {
  /** What tells optimizers apart. */
  readonly kind: 'rmsprop';
  /** How much of the old mean square stays, each step. */
  readonly alpha: number;
  /** ε, added to the root. */
  readonly eps: number;
}

/** `Adam` and `AdamW`. */
export interface AdamSpec extends Rated {
  /** Decay goes through the gradient ('adam') or straight to the weights ('adamw'). */
  readonly kind: 'adam' | 'adamw';
  /** How much of the old mean stays, each step. */
  readonly beta1: number;
  /** How much of the old mean square stays, each step. */
  readonly beta2: number;
  /** ε, added to √v̂. */
  readonly eps: number;
  /** Whether eps is added to √v before its correction: the book's rule, and the paper's ε̂. */
  readonly epsilonHat: boolean;
}

/** The nonlinearity of a network's hidden layers. */
export type Activation = ActivationName;

/** How weights start. `xavier` is the book's √(1/fanIn), `glorot` √(2/(fanIn + fanOut)), `he` √(2/fanIn), `normal` takes `std`. */
export type InitSpec = ScaledInitSpec | NormalInitSpec;

/** Normal, with a spread that follows from the layer. */
export interface ScaledInitSpec {
  /** By whose rule. */
  readonly kind: 'he' | 'xavier' | 'glorot';
}

/** Normal, with a spread of one's own. */
export interface NormalInitSpec {
  /** What tells it from the rules. */
  readonly kind: 'normal';
  /** Standard deviation; the mean is 0. */
  readonly std: number;
}

/** What makes the sums of a layer alike before they are activated. */
export type Norm = 'none' | 'batch' | 'layer';

interface Classes {
  /** Outputs, one for each class. Missing: 10. */
  readonly classes?: number;
}

/**
 * A fully connected network: for each hidden size a linear layer, its norm, its activation and its dropout, then a linear
 * layer to the classes.
 */
export interface PerceptronSpec extends Classes {
  /** What tells networks apart. */
  readonly kind: 'perceptron';
  /** Units of each hidden layer, from the input on. */
  readonly hiddenSizes: readonly number[];
  /** After every hidden layer. */
  readonly activation: Activation;
  /** Of all weights; biases start at zero. */
  readonly init: InitSpec;
  /** Between a hidden layer and its activation. */
  readonly norm: Norm;
  /** Share of the hidden outputs that is dropped in training; 0: no dropout. */
  readonly dropout: number;
}

/** A vanilla recurrent network that reads an image piece by piece, then a linear layer to the classes. */
export interface RecurrentSpec extends Classes {
  /** What tells networks apart. */
  readonly kind: 'recurrent';
  /** Into how many pieces of equal length an image is cut, from the top left to the bottom right. */
  readonly sequenceSteps: number;
  /** Units of the state. */
  readonly hiddenSize: number;
  /** Of the sum before tanh, at every step. */
  readonly norm: Norm;
  /** What γ of the norm starts at. */
  readonly initialGamma: number;
}

/** For each number of channels a convolution, its activation and a pooling by 2; then a perceptron. */
export interface ConvnetSpec extends Omit<PerceptronSpec, 'kind'> {
  /** What tells networks apart. */
  readonly kind: 'convnet';
  /** One convolution for each number: as many filters. */
  readonly channels: readonly number[];
  /** Side of every filter, in pixels. */
  readonly kernelSize: number;
}

/** A network that names images, told apart by `kind`. */
export type NetworkSpec = PerceptronSpec | RecurrentSpec | ConvnetSpec;

/** Examples on which accuracy is measured; 'batch' are the test examples under the statistics of their own batch. */
export type Part = 'train' | 'validation' | 'test' | 'batch';

/** A network that learns to name images. */
export interface ClassifierTask {
  /** What tells tasks apart. */
  readonly kind: 'classifier';
  /** What is trained. */
  readonly network: NetworkSpec;
  /** What trains it, on the mean cross-entropy of a batch. */
  readonly optimizer: OptimizerSpec;
  /** Of a trial of a search: what it tries, by name. It stands in the other fields already, and is logged before the first step. */
  readonly trial?: Readonly<Record<string, number>>;
  /** Examples a step, drawn with replacement. */
  readonly batchSize: number;
  /** Batches, and updates. */
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
  /** What tells tasks apart. */
  readonly kind: 'surface';
  /** The function. */
  readonly surface: SurfaceName;
  /** Where the point lies at step 0. */
  readonly start: readonly [x: number, y: number];
  /** What moves it. */
  readonly optimizer: OptimizerSpec;
  /** Updates. */
  readonly steps: number;
}

/** A network that does not learn: normal inputs go through it once, and each layer's activations are counted. */
export interface ActivationsTask {
  /** What tells tasks apart. */
  readonly kind: 'activations';
  /** The one pass. */
  readonly steps: 1;
  /** Inputs a row. */
  readonly inputs: number;
  /** Rows of inputs. */
  readonly samples: number;
  /** Units of each layer. */
  readonly hiddenSizes: readonly number[];
  /** After every layer. */
  readonly activation: Activation;
  /** Of all weights; biases are zero. */
  readonly init: InitSpec;
  /** Of the histogram of each layer. */
  readonly bins: number;
  /** What the bins span; values beyond are in none. */
  readonly range: readonly [low: number, high: number];
}

/** One curve of an experiment. Arms of one seed share initial weights and batches. */
export interface ArmSpec {
  /** Unique within the run; also the curve's name. */
  readonly name: string;
  /** What initial weights, batches and dropout masks follow from. */
  readonly seed: number;
  /** What is trained, on what, and for how long. */
  readonly task: ClassifierTask | SurfaceTask | ActivationsTask;
}
