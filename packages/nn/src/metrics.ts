// Metrics: accuracy, and the evaluation of a model on a data set.
import { checkArguments, checkSameDevice, having, integer, modelLike, optional, tensorOf } from './core/check.ts';
import { Tensor } from './core/tensor.ts';
import { DataLoader, type TensorDataset } from './data/dataset.ts';
import type { Sequential } from './layers/sequential.ts';
import { allRowsIgnored, type CrossEntropyLoss, checkLabels, checkRows } from './loss.ts';
import type { Reduction } from './loss-base.ts';
import { withRestoredState } from './restore.ts';

/**
 * Returns the share of rows of logits (B, C) whose maximum is at the row's label (B), as a float32. A row with a NaN is wrong.
 * @throws RangeError if shapes do not match or a label is not a class, TypeError if a type does not match
 */
export function accuracy(logits: Tensor, labels: Tensor<'int32'>): number {
  checkArguments('accuracy', arguments, { logits: tensorOf('float32'), labels: tensorOf('int32') });
  checkRows('accuracy', logits);
  checkLabels('accuracy', logits, labels);
  checkSameDevice('accuracy', logits.device, labels);
  const isClass = integer(0, (logits.shape[1] as number) - 1);
  for (const [row, label] of labels.data.entries()) isClass('accuracy', `labels[${row}]`, label);
  return Math.fround(countCorrect(logits, labels) / labels.size);
}

/** Counts the rows whose maximum is at the row's label. @param ignored a label whose rows do not count */
function countCorrect(logits: Tensor, labels: Tensor<'int32'>, ignored?: number): number {
  const { arena, kernels } = logits.device;
  const rows = labels.size;
  const mark = arena.mark();
  const predictions = arena.allocate(4 * rows);
  kernels.argmaxRows(rows, logits.size / rows, logits.pointer, predictions);
  if (ignored !== undefined) {
    const classes = arena.i32(predictions, rows);
    for (const [row, label] of labels.data.entries()) if (label === ignored) classes[row] = ~label;
  }
  const correct = kernels.countEqual(rows, predictions, labels.pointer);
  arena.release(mark);
  return correct;
}

/** The loss and the accuracy of a model on a data set. */
export interface Evaluation {
  /** Mean cross-entropy in nats, as a float32: with the weights and smoothing of the loss, for every reduction of it. */
  loss: number;
  /** Share of examples whose maximal logit is at their label, without those that the loss ignores, as a float32. */
  accuracy: number;
}

/**
 * Evaluates a model on a whole data set in evaluation mode, in batches of `batchSize` rows. The batch size changes the result only if
 * a batch norm has `trackRunningStats: false`, because it then normalizes with the statistics of each batch. Afterwards the mode of
 * each layer is restored. Outputs are overwritten: `backward`, of the model and of the loss, needs a new `forward`.
 * @throws RangeError if the data has more classes than the loss or only ignored labels, or a batch has more rows than the model accepts
 */
export function evaluate(
  model: Sequential,
  loss: CrossEntropyLoss<Reduction>,
  dataset: TensorDataset,
  batchSize?: number,
): Evaluation {
  checkArguments('evaluate', arguments, {
    model: modelLike,
    loss: having('rowLosses', 'a CrossEntropyLoss'),
    dataset: having('inputShape', 'a TensorDataset'),
    batchSize: optional(integer(1, 2 ** 20)),
  });
  checkSameDevice('evaluate', model.device, dataset.inputs);
  const rows = batchSize ?? model.batchSize;
  if (dataset.classes > loss.classes && loss.ignoreIndex < loss.classes) {
    throw new RangeError(`[evaluate] expected labels below ${loss.classes} but got ${dataset.classes - 1}`);
  }
  const { arena, kernels } = model.device;
  const mark = arena.mark();
  const measure = () => {
    const losses = Tensor.zeros(model.device, [dataset.length]);
    const weights = Tensor.zeros(model.device, [dataset.length]);
    const loader = new DataLoader(dataset, { batchSize: rows, sampler: 'sequential' });
    let [correct, counted] = [0, dataset.length];
    model.training = false;
    for (let step = 0; step < loader.batchesPerEpoch; step++) {
      const { inputs, labels, size } = loader.batch(step);
      const logits = model.forward(inputs);
      kernels.copy(size, loss.rowLosses(logits, labels).pointer, losses.pointer + 4 * step * rows);
      kernels.copy(size, loss.rowWeights.pointer, weights.pointer + 4 * step * rows);
      correct += countCorrect(logits, labels, loss.ignoreIndex);
      for (const label of labels.data) if (label === loss.ignoreIndex) counted--;
    }
    const weight = kernels.wideSum(dataset.length, weights.pointer);
    if (weight === 0) throw allRowsIgnored('evaluate', loss.ignoreIndex);
    const mean = kernels.sum(dataset.length, losses.pointer) / weight;
    return { loss: Math.fround(mean), accuracy: Math.fround(correct / counted) };
  };
  try {
    return withRestoredState(model, measure);
  } finally {
    loss.forgetForward();
    arena.release(mark);
  }
}
