// Reads the parameters, gradients, activations and predictions of a network between two steps, as copies. Reading does
// not change the training.
import {
  CrossEntropyLoss,
  DataLoader,
  type Device,
  type Sequential,
  type StateDict,
  Tensor,
  TensorDataset,
  withRestoredState,
} from '@descent/nn';
import type { Training } from './training.ts';

/** The mode of the network during inspection: in training mode it uses batch statistics and dropout. */
export type Mode = 'training' | 'evaluation';

/** A parameter with its gradient for one batch. */
export interface ParameterView {
  /** Name as in a state dict, such as `0.weight`. */
  readonly name: string;
  /** Shape as in a state dict. */
  readonly shape: readonly number[];
  /** Values in PyTorch's layout: the weights of a Linear layer are (out, in). */
  readonly values: Float32Array;
  /** Gradient of the mean loss of the batch. */
  readonly gradients: Float32Array;
}

/** The output of a layer for a batch. */
export interface LayerOutputs {
  /** (B, …). */
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Float32Array;
}

/** A layer with its parameters and its output for one batch. */
export interface LayerView {
  /** Index in the network, such as `0`. */
  readonly name: string;
  /** The class, such as `Linear`. */
  readonly kind: string;
  /** Empty for a layer without parameters. */
  readonly parameters: readonly ParameterView[];
  /** (B, …). */
  readonly outputs: LayerOutputs;
  /** Gradient of the mean loss of the batch with respect to the output. */
  readonly outputGradients: Float32Array;
}

/** A network and its result for one batch. */
export interface NetworkView {
  /** Completed steps. */
  readonly step: number;
  /** The mode during inspection. */
  readonly mode: Mode;
  /** Mean cross-entropy of the batch, in nats. */
  readonly loss: number;
  /** Layers, starting at the input. */
  readonly layers: readonly LayerView[];
}

/**
 * Runs a forward and a backward pass over a batch and returns all values.
 * @throws TypeError if the arm has no network that classifies images
 * @throws RangeError if there are more examples than the batch size of the network
 */
export function inspect(training: Training, examples: TensorDataset, mode: Mode = 'evaluation'): NetworkView {
  return withEvalMode(training, mode, (model) => {
    const { inputs, labels } = sequentialLoader(examples, examples.length).batch(0);
    const criterion = new CrossEntropyLoss().allocate(model);
    const { logits, outputs } = forward(model, inputs);
    const loss = criterion.forward(logits, labels);
    const outputGradients = backward(model, criterion.backward());
    const [values, gradients] = [model.stateDict(), model.gradientDict()];
    const layers = model.layers.map((layer, index) => ({
      name: String(index),
      kind: layer.name,
      parameters: layer.parameters().map(({ name }) => toParameterView(name, values, gradients)),
      outputs: outputs[index] as LayerOutputs,
      outputGradients: outputGradients[index] as Float32Array,
    }));
    return { step: training.step, mode, loss, layers };
  });
}

/** Runs the layers without fusion, so that a Linear layer before a ReLU has its own output. */
function forward({ layers }: Sequential, inputs: Tensor): { logits: Tensor; outputs: LayerOutputs[] } {
  let logits = inputs;
  const outputs = layers.map((layer) => {
    logits = layer.forward(logits);
    return { shape: [...logits.shape], values: logits.data.slice() };
  });
  return { logits, outputs };
}

/** Returns the gradient that each layer receives. */
function backward({ layers }: Sequential, dy: Tensor): Float32Array[] {
  let gradient: Tensor | null = dy;
  const gradients = layers.toReversed().map((layer) => {
    const copy = gradient?.data.slice() ?? new Float32Array();
    if (gradient) gradient = layer.backward(gradient);
    return copy;
  });
  return gradients.reverse();
}

function toParameterView(name: string, values: StateDict, gradients: StateDict): ParameterView {
  const { shape, data } = values[name] as StateDict[string];
  return { name, shape, values: data, gradients: (gradients[name] as StateDict[string]).data };
}

/** The predictions of a network. */
export interface Predictions {
  /** The predicted class per example: the first of the greatest logits; −1 if a logit is NaN. */
  readonly labels: Int32Array;
  /** (N, classes): softmax of the logits. */
  readonly probabilities: Float32Array;
}

/** Classifies examples in evaluation mode. @throws TypeError if the arm has no network that classifies images */
export function predict(training: Training, examples: TensorDataset): Predictions {
  return withEvalMode(training, 'evaluation', (model) => {
    const { kernels } = model.device;
    const { length } = examples;
    const criterion = new CrossEntropyLoss().allocate(model);
    const rows = Math.min(model.batchSize, length);
    const classes = Tensor.zeros(model.device, [rows], 'int32');
    const loader = sequentialLoader(examples, rows);
    const count = criterion.classes;
    const result = { labels: new Int32Array(length), probabilities: new Float32Array(length * count) };
    for (let step = 0; step < loader.batchesPerEpoch; step++) {
      const { inputs, labels, size } = loader.batch(step);
      const logits = model.forward(inputs);
      criterion.forward(logits, labels);
      kernels.argmaxRows(size, count, logits.pointer, classes.pointer);
      result.labels.set(classes.data.subarray(0, size), step * rows);
      result.probabilities.set(criterion.probabilities.data, step * rows * count);
    }
    return result;
  });
}

/** A misclassified example. */
export interface Misclassified {
  /** Index of the example. */
  readonly index: number;
  /** The correct class. */
  readonly label: number;
  /** The predicted class; −1 if a logit is NaN. */
  readonly predicted: number;
  /** Probability of the predicted class; NaN if there is none. */
  readonly probability: number;
  /** Probability of the correct class. */
  readonly labelProbability: number;
}

/** Returns the misclassified examples in their order. */
export function misclassified(training: Training, examples: TensorDataset): Misclassified[] {
  const { labels: predictions, probabilities } = predict(training, examples);
  const labels = examples.labels.data;
  const classes = probabilities.length / predictions.length;
  return [...predictions].flatMap((predicted, index) => {
    const label = labels[index] as number;
    if (predicted === label) return [];
    const getProbability = (name: number) => probabilities[index * classes + name] as number;
    const probability = predicted < 0 ? Number.NaN : getProbability(predicted);
    return [{ index, label, predicted, probability, labelProbability: getProbability(label) }];
  });
}

/** Weights as images. */
export interface WeightImages {
  /** The number of images and their size. */
  readonly shape: readonly [count: number, rows: number, columns: number];
  /** Values image by image, in row-major order. */
  readonly values: Float32Array;
}

/**
 * Returns the weights of the first layer as images: one per unit, or one per filter and channel of a convolution. Those
 * of a recurrent layer have one row, because a unit reads one piece of the image.
 * @param imageShape rows and columns of an image
 */
export function firstWeights(training: Training, imageShape: readonly number[]): WeightImages {
  const state = requireModel(training).stateDict();
  const { shape, data: values } = Object.values(state)[0] as StateDict[string];
  const [units = 1, ...window] = shape;
  const width = values.length / units;
  const [rows = 1, columns = width] = imageShape;
  if (window.length === 1)
    return { shape: rows * columns === width ? [units, rows, columns] : [units, 1, width], values };
  const [height = 1, across = 1] = window.slice(-2);
  return { shape: [values.length / height / across, height, across], values };
}

/**
 * Creates examples for `inspect` and `predict` from the bytes of images. They allocate memory of the device.
 * @param labels zeros for unknown images, which is the default
 */
export function examplesFrom(
  device: Device,
  pixels: Uint8Array,
  imageShape: readonly number[],
  labels: ArrayLike<number> = new Uint8Array(pixels.length / imageShape.reduce((product, size) => product * size, 1)),
): TensorDataset {
  return new TensorDataset({
    inputs: Tensor.from(device, pixels, [labels.length, ...imageShape], 'uint8'),
    labels: Tensor.from(device, labels, [labels.length], 'uint8'),
  });
}

function sequentialLoader(examples: TensorDataset, batchSize: number): DataLoader {
  return new DataLoader(examples, { batchSize, sampler: 'sequential' });
}

function requireModel({ model, spec }: Training): Sequential {
  if (model) return model;
  throw new TypeError(`[inspect] expected an arm with a network that classifies images but got ${spec.name}`);
}

/** Restores memory, gradients, statistics, random streams and mode afterwards. */
function withEvalMode<T>(training: Training, mode: Mode, read: (model: Sequential) => T): T {
  const model = requireModel(training);
  const { arena } = model.device;
  const mark = arena.mark();
  const gradients = model.grads.data.slice();
  try {
    return withRestoredState(model, () => {
      model.training = mode === 'training';
      return read(model);
    });
  } finally {
    model.grads.data.set(gradients);
    arena.release(mark);
  }
}
