// The examples on which a classifier trains and on which it is evaluated.
import { Rng, streamOf, Tensor, TensorDataset } from '@descent/nn';
import type { ImageData } from '@descent/nn/data';
import type { ClassifierTask, Part } from './arm.ts';

export interface Examples extends Readonly<Record<'train' | 'test', TensorDataset>> {
  readonly validation: TensorDataset | undefined;
}

/**
 * Selects the first training and test examples. A fraction of the training examples is held out for validation, drawn
 * without replacement from random numbers that depend only on the seed.
 */
export function splitExamples(
  { trainSamples, testSamples, validationShare }: ClassifierTask,
  seed: number,
  { train, test }: Pick<ImageData, 'train' | 'test'>,
): Examples {
  const available = firstOf(train, trainSamples);
  const heldOut = Math.floor(available.length * validationShare);
  if (heldOut === 0) return { train: available, validation: undefined, test: firstOf(test, testSamples) };
  const order = Tensor.zeros(available.device, [available.length], 'int32');
  new Rng(available.device, seed).permutation(order, { stream: streamOf('split') });
  return {
    train: copyRows(available, order.rows(heldOut, available.length)),
    validation: copyRows(available, order.rows(0, heldOut)),
    test: firstOf(test, testSamples),
  };
}

/** @throws TypeError if the task holds out no examples for the part */
export function selectExamples(examples: Examples, part: Exclude<Part, 'batch'>): TensorDataset {
  const found = examples[part];
  if (found) return found;
  throw new TypeError(`[Classifier] expected examples for ${part} but there are none; raise validationShare`);
}

function firstOf(examples: TensorDataset, count: number): TensorDataset {
  return examples.slice(0, Math.min(count, examples.length));
}

function copyRows({ device, inputs, labels, inputShape }: TensorDataset, indices: Tensor<'int32'>): TensorDataset {
  const pickedInputs = Tensor.zeros(device, [indices.size, ...inputShape], inputs.dtype);
  const pickedLabels = Tensor.zeros(device, [indices.size], labels.dtype);
  // Views are valid until memory is allocated, which does not happen below.
  const [from, fromLabels, to, toLabels] = [inputs.data, labels.data, pickedInputs.data, pickedLabels.data];
  const width = from.length / fromLabels.length;
  indices.data.forEach((index, row) => {
    to.set(from.subarray(index * width, (index + 1) * width), row * width);
    toLabels[row] = fromLabels[index] as number;
  });
  return new TensorDataset({ inputs: pickedInputs as never, labels: pickedLabels as never });
}
