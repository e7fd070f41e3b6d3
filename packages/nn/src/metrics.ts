// What is measured beside the loss.
import { checkKind } from './check.ts';
import { DataLoader, type TensorDataset } from './data.ts';
import { checkHome } from './layer.ts';
import type { Sequential } from './layers/sequential.ts';
import { type CrossEntropyLoss, checkLabels } from './loss.ts';
import { Tensor } from './tensor.ts';

/** The share of rows of logits (B, C) whose greatest element is at the row's label (B), as a float32. */
export function accuracy(logits: Tensor, labels: Tensor<'int32'>): number {
  checkLabels('accuracy', logits, labels);
  return Math.fround(countCorrect(logits, labels) / labels.size);
}

function countCorrect(logits: Tensor, labels: Tensor<'int32'>): number {
  const { arena, kernels } = logits.device;
  const rows = labels.size;
  const mark = arena.mark();
  const predictions = arena.allocate(4 * rows);
  kernels.argmaxRows(rows, logits.size / rows, logits.pointer, predictions);
  const correct = kernels.countEqual(rows, predictions, labels.pointer);
  arena.release(mark);
  return correct;
}

/** How a model does on a data set. */
export interface Evaluation {
  /** Mean cross-entropy in nats, as a float32. */
  loss: number;
  /** Share of examples whose greatest logit is at their label, as a float32. */
  accuracy: number;
}

/**
 * Runs a model over a whole data set in evaluation mode, chunk by chunk; the chunks' size does not change the result.
 * @throws RangeError where the data has more classes than the loss, or a chunk has more rows than the model takes
 */
export function evaluate(
  model: Sequential,
  loss: CrossEntropyLoss,
  dataset: TensorDataset,
  batchSize: number = model.batchSize,
): Evaluation {
  checkKind('evaluate', loss, 'losses', 'a CrossEntropyLoss after the model');
  checkKind('evaluate', dataset, 'inputShape', 'a TensorDataset after model and loss');
  checkHome('evaluate', model.device, dataset.inputs);
  if (dataset.classes > loss.classes) {
    throw new RangeError(`[evaluate] expected labels below ${loss.classes} but got ${dataset.classes - 1}`);
  }
  const { arena, kernels } = model.device;
  const { training } = model;
  const mark = arena.mark();
  const losses = Tensor.zeros(model.device, [dataset.length]);
  const loader = new DataLoader(dataset, { batchSize, sampler: 'sequential' });
  let correct = 0;
  model.training = false;
  try {
    for (let step = 0; step < loader.batchesPerEpoch; step++) {
      const { inputs, labels, size } = loader.batch(step);
      const logits = model.forward(inputs);
      loss.forward(logits, labels);
      kernels.copy(size, loss.losses.pointer, losses.pointer + 4 * step * batchSize);
      correct += countCorrect(logits, labels);
    }
    const sum = kernels.sum(dataset.length, losses.pointer);
    return { loss: Math.fround(sum / dataset.length), accuracy: Math.fround(correct / dataset.length) };
  } finally {
    model.training = training;
    arena.release(mark);
  }
}
