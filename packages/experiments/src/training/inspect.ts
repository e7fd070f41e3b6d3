// A network looked into between two steps: parameters, gradients, activations and answers, as copies. Looking leaves no
// trace: a training that was looked at goes on to the same bits.
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

/** How the network behaves while it is looked at: with the batch's statistics and dropped units, or without. */
export type Mode = 'training' | 'evaluation';

/** A parameter between two steps, with the gradient of the batch that was looked at. */
export interface ParameterView {
  /** As in a state dict: `0.weight`. */
  readonly name: string;
  /** As in a state dict. */
  readonly shape: readonly number[];
  /** In PyTorch's layout: a Linear layer's weights are (out, in). */
  readonly values: Float32Array;
  /** Of the mean loss of the batch. */
  readonly gradients: Float32Array;
}

/** What a layer gives for a batch. */
export interface LayerOutputs {
  /** (B, …). */
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Float32Array;
}

/** A layer between two steps, with what it made of the batch. */
export interface LayerView {
  /** The place in the network: `0`. */
  readonly name: string;
  /** The class: `Linear`. */
  readonly kind: string;
  /** None where the layer learns nothing. */
  readonly parameters: readonly ParameterView[];
  /** (B, …) what it gives for the batch. */
  readonly outputs: LayerOutputs;
  /** Of the mean loss of the batch, by the layer's outputs. */
  readonly outputGradients: Float32Array;
}

/** A network between two steps, and what it makes of one batch. */
export interface NetworkView {
  /** Steps done. */
  readonly step: number;
  /** How it behaved while it was looked at. */
  readonly mode: Mode;
  /** Mean cross-entropy of the batch, in nats. */
  readonly loss: number;
  /** From the input on. */
  readonly layers: readonly LayerView[];
}

/**
 * One pass forward and back over a batch.
 * @throws TypeError where the arm has no network that names images
 * @throws RangeError where there are more examples than the network takes at once
 */
export function inspect(training: Training, examples: TensorDataset, mode: Mode = 'evaluation'): NetworkView {
  return withEvalMode(training, mode, (model) => {
    const { inputs, labels } = inOrder(examples, examples.length).batch(0);
    const criterion = new CrossEntropyLoss().allocate(model);
    const { logits, outputs } = forward(model, inputs);
    const loss = criterion.forward(logits, labels);
    const outputGradients = backward(model, criterion.backward());
    const [values, gradients] = [model.stateDict(), model.gradientDict()];
    const layers = model.layers.map((layer, index) => ({
      name: String(index),
      kind: layer.name,
      parameters: layer.parameters().map(({ name }) => parameterView(name, values, gradients)),
      outputs: outputs[index] as LayerOutputs,
      outputGradients: outputGradients[index] as Float32Array,
    }));
    return { step: training.step, mode, loss, layers };
  });
}

/** What every layer gives, each by itself: a Linear before its ReLU, too. */
function forward({ layers }: Sequential, inputs: Tensor): { logits: Tensor; outputs: LayerOutputs[] } {
  let logits = inputs;
  const outputs = layers.map((layer) => {
    logits = layer.forward(logits);
    return { shape: [...logits.shape], values: logits.data.slice() };
  });
  return { logits, outputs };
}

/** What every layer is handed. */
function backward({ layers }: Sequential, dy: Tensor): Float32Array[] {
  let gradient: Tensor | null = dy;
  const handed = layers.toReversed().map((layer) => {
    const copy = gradient?.data.slice() ?? new Float32Array();
    if (gradient) gradient = layer.backward(gradient);
    return copy;
  });
  return handed.reverse();
}

function parameterView(name: string, values: StateDict, gradients: StateDict): ParameterView {
  const { shape, data } = values[name] as StateDict[string];
  return { name, shape, values: data, gradients: (gradients[name] as StateDict[string]).data };
}

/** What a network says of some images. */
export interface Answers {
  /** The class of each: that of the greatest logit, the first of equals; −1 where a logit is NaN. */
  readonly answers: Int32Array;
  /** (N, classes): softmax of the logits. */
  readonly probabilities: Float32Array;
}

/** In evaluation mode. @throws TypeError where the arm has no network that names images */
export function predict(training: Training, examples: TensorDataset): Answers {
  return withEvalMode(training, 'evaluation', (model) => {
    const { kernels } = model.device;
    const { length } = examples;
    const criterion = new CrossEntropyLoss().allocate(model);
    const rows = Math.min(model.batchSize, length);
    const classes = Tensor.zeros(model.device, [rows], 'int32');
    const loader = inOrder(examples, rows);
    const count = criterion.classes;
    const found = { answers: new Int32Array(length), probabilities: new Float32Array(length * count) };
    for (let step = 0; step < loader.batchesPerEpoch; step++) {
      const { inputs, labels, size } = loader.batch(step);
      const logits = model.forward(inputs);
      criterion.forward(logits, labels);
      kernels.argmaxRows(size, count, logits.pointer, classes.pointer);
      found.answers.set(classes.data.subarray(0, size), step * rows);
      found.probabilities.set(criterion.probabilities.data, step * rows * count);
    }
    return found;
  });
}

/** An example that is named wrongly. */
export interface Misclassified {
  /** Its place among the examples. */
  readonly index: number;
  /** The right class. */
  readonly label: number;
  /** The class that the network names; −1 where a logit is NaN. */
  readonly answer: number;
  /** What the network gives its answer; NaN where there is none. */
  readonly probability: number;
  /** Softmax of the label's logit; at most `probability`. */
  readonly labelProbability: number;
}

/** Those of the examples that a network names wrongly, in their order. */
export function misclassified(training: Training, examples: TensorDataset): Misclassified[] {
  const { answers, probabilities } = predict(training, examples);
  const labels = examples.labels.data;
  const classes = probabilities.length / answers.length;
  return [...answers].flatMap((answer, index) => {
    const label = labels[index] as number;
    const at = (name: number) => probabilities[index * classes + name] as number;
    return answer === label
      ? []
      : [{ index, label, answer, probability: answer < 0 ? Number.NaN : at(answer), labelProbability: at(label) }];
  });
}

/** Small pictures, one after another. */
export interface WeightImages {
  /** How many, rows, columns. */
  readonly shape: readonly [count: number, rows: number, columns: number];
  /** Picture by picture, row by row. */
  readonly values: Float32Array;
}

/**
 * The weights of the first layer as pictures, one for each unit, or each filter and channel of a convolution. A recurrent
 * layer's have one row: what a unit makes of a piece of the image.
 * @param imageShape rows and columns of an image
 */
export function firstWeights(training: Training, imageShape: readonly number[]): WeightImages {
  const state = modelOf(training).stateDict();
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
 * Images from outside, for `inspect` and `predict`: bytes, one image after another. They take memory of the device; release
 * it to a mark taken before.
 * @param labels of unknown images 0
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

function inOrder(examples: TensorDataset, batchSize: number): DataLoader {
  return new DataLoader(examples, { batchSize, sampler: 'sequential' });
}

function modelOf({ model, spec }: Training): Sequential {
  if (model) return model;
  throw new TypeError(`[inspect] expected an arm with a network that names images but got ${spec.name}`);
}

/** Memory, gradients, statistics, random streams and mode are as before afterwards. */
function withEvalMode<T>(training: Training, mode: Mode, look: (model: Sequential) => T): T {
  const model = modelOf(training);
  const { arena } = model.device;
  const mark = arena.mark();
  const gradients = model.grads.data.slice();
  try {
    return withRestoredState(model, () => {
      model.training = mode === 'training';
      return look(model);
    });
  } finally {
    model.grads.data.set(gradients);
    arena.release(mark);
  }
}
