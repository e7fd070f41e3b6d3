// The specification of one training as JSON: all that a worker needs besides the data.
import type { ActivationName } from '@descent/nn';
import type { SurfaceName } from './surface.ts';

/** The rules to follow where the book's programs and today's frameworks differ. */
export type Dialect = 'modern' | 'book';

/** An optimizer with all its settings, including those that have defaults. */
export type OptimizerSpec = SGDSpec | AdagradSpec | RMSpropSpec | AdamSpec;

interface CommonOptions {
  /** Learning rate η. */
  readonly lr: number;
  /** Weight decay λ, applied to weights only. Default: 0. */
  readonly weightDecay?: number;
}

/** `SGD`, with or without momentum. */
export interface SGDSpec extends CommonOptions {
  /** The discriminant. */
  readonly kind: 'sgd';
  /** Momentum μ; 0: none. */
  readonly momentum: number;
  /** Whether to use Nesterov momentum (1983). Default: false. */
  readonly nesterov?: boolean;
}

/** `Adagrad`. */
export interface AdagradSpec extends CommonOptions {
  /** The discriminant. */
  readonly kind: 'adagrad';
  /** ε, added to √h. */
  readonly eps: number;
}

/** `RMSprop`. */
export interface RMSpropSpec extends CommonOptions {
  /** The discriminant. */
  readonly kind: 'rmsprop';
  /** Decay rate of the running mean of squared gradients. */
  readonly alpha: number;
  /** ε, added to the square root. */
  readonly eps: number;
}

/** `Adam` and `AdamW`. */
export interface AdamSpec extends CommonOptions {
  /** Whether weight decay is added to the gradient ('adam') or applied to the weights ('adamw'). */
  readonly kind: 'adam' | 'adamw';
  /** Decay rate of the running mean of gradients. */
  readonly beta1: number;
  /** Decay rate of the running mean of squared gradients. */
  readonly beta2: number;
  /** ε, added to √v̂. */
  readonly eps: number;
  /** Whether eps is added to √v before bias correction, as in the book and as the paper's ε̂. */
  readonly epsilonHat: boolean;
}

/** The activation function of the hidden layers. */
export type Activation = ActivationName;

/**
 * How weights are initialized. `xavier` is the book's √(1/fanIn), `glorot` √(2/(fanIn + fanOut)), `he` √(2/fanIn),
 * `normal` takes `std`.
 */
export type InitSpec = ScaledInitSpec | NormalInitSpec;

/** A normal distribution whose standard deviation follows from the size of the layer. */
export interface ScaledInitSpec {
  /** The rule. */
  readonly kind: 'he' | 'xavier' | 'glorot';
}

/** A normal distribution with a given standard deviation. */
export interface NormalInitSpec {
  /** The discriminant. */
  readonly kind: 'normal';
  /** Standard deviation; the mean is 0. */
  readonly std: number;
}

/** The normalization before each activation. */
export type Norm = 'none' | 'batch' | 'layer';

interface Classes {
  /** Number of outputs, one per class. Default: 10. */
  readonly classes?: number;
}

/**
 * A fully connected network: for each hidden size a linear layer, its norm, its activation and its dropout, then a
 * linear layer to the classes.
 */
export interface PerceptronSpec extends Classes {
  /** The discriminant. */
  readonly kind: 'perceptron';
  /** Units per hidden layer, starting at the input. */
  readonly hiddenSizes: readonly number[];
  /** The activation of every hidden layer. */
  readonly activation: Activation;
  /** Initialization of all weights; biases start at zero. */
  readonly init: InitSpec;
  /** Normalization between a hidden layer and its activation. */
  readonly norm: Norm;
  /** Fraction of the hidden outputs that is dropped in training; 0: no dropout. */
  readonly dropout: number;
}

/** A recurrent network that reads an image in pieces, then a linear layer to the classes. */
export interface RecurrentSpec extends Classes {
  /** The discriminant. */
  readonly kind: 'recurrent';
  /** Number of pieces of equal length per image, from the top left to the bottom right. */
  readonly sequenceSteps: number;
  /** Units of the hidden state. */
  readonly hiddenSize: number;
  /** Normalization of the sum before tanh, at every step. */
  readonly norm: Norm;
  /** Initial γ of the normalization. */
  readonly initialGamma: number;
}

/** A convolution, its activation and 2 × 2 max pooling per number of channels, then a perceptron. */
export interface ConvnetSpec extends Omit<PerceptronSpec, 'kind'> {
  /** The discriminant. */
  readonly kind: 'convnet';
  /** Number of filters per convolution. */
  readonly channels: readonly number[];
  /** Width and height of every filter in pixels. */
  readonly kernelSize: number;
}

/** A network that classifies images. */
export type NetworkSpec = PerceptronSpec | RecurrentSpec | ConvnetSpec;

/**
 * Examples on which accuracy is measured. 'batch' are the test examples, normalized with the statistics of their own
 * batch.
 */
export type Part = 'train' | 'validation' | 'test' | 'batch';

/** Training of a network that classifies images. */
export interface ClassifierTask {
  /** The discriminant. */
  readonly kind: 'classifier';
  /** The network. */
  readonly network: NetworkSpec;
  /** The optimizer, which minimizes the mean cross-entropy of a batch. */
  readonly optimizer: OptimizerSpec;
  /** The hyperparameters of a trial by name. The other fields include them; they are logged before the first step. */
  readonly trial?: Readonly<Record<string, number>>;
  /** Examples per step, drawn with replacement. */
  readonly batchSize: number;
  /** Number of batches, which is the number of updates. */
  readonly steps: number;
  /** Number of training examples, from the first; at most all of them. */
  readonly trainSamples: number;
  /** Fraction of the training examples that is held out for validation, drawn at random. */
  readonly validationShare: number;
  /** Number of test examples, from the first; at most all of them. */
  readonly testSamples: number;
  /** Parts whose accuracy is measured during training and at its end. */
  readonly measures: readonly Part[];
  /** Steps between accuracy measurements; 0: only at the end. */
  readonly evaluateEvery: number;
  /** Steps between measurements of the inputs of each activation, starting before the first step. Default: never. */
  readonly probeEvery?: number;
  /**
   * Whether the training loss is that before the update ('modern') or after it ('book'). It also sets where an accuracy
   * curve starts.
   */
  readonly dialect: Dialect;
}

/** Minimization of a function of two variables. */
export interface SurfaceTask {
  /** The discriminant. */
  readonly kind: 'surface';
  /** The function. */
  readonly surface: SurfaceName;
  /** The point at step 0. */
  readonly start: readonly [x: number, y: number];
  /** The optimizer. */
  readonly optimizer: OptimizerSpec;
  /** Number of updates. */
  readonly steps: number;
}

/** A forward pass of normal inputs through an untrained network, with a histogram of each layer's activations. */
export interface ActivationsTask {
  /** The discriminant. */
  readonly kind: 'activations';
  /** One pass. */
  readonly steps: 1;
  /** Number of inputs per row. */
  readonly inputs: number;
  /** Number of rows. */
  readonly samples: number;
  /** Units per layer. */
  readonly hiddenSizes: readonly number[];
  /** The activation of every layer. */
  readonly activation: Activation;
  /** Initialization of all weights; there are no biases. */
  readonly init: InitSpec;
  /** Number of bins of each histogram. */
  readonly bins: number;
  /** Range of the bins; values outside are not counted. */
  readonly range: readonly [low: number, high: number];
}

/** One training of an experiment. Arms of one seed share initial weights and batches. */
export interface ArmSpec {
  /** Unique within the run; also the name of the curve. */
  readonly name: string;
  /** Seed of initial weights, batches and dropout masks. */
  readonly seed: number;
  /** The model, the data and the length of the training. */
  readonly task: ClassifierTask | SurfaceTask | ActivationsTask;
}
