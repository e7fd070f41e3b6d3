// The examples that a classifier trains on and those that it is measured by.
import { Rng, streamOf, Tensor, TensorDataset } from '@descent/nn';
import type { ImageData } from '@descent/nn/data';
import type { ClassifierTask, Part } from './arm.ts';

type Examples = Readonly<Record<'train' | 'test', TensorDataset>> & { readonly validation: TensorDataset | undefined };

/**
 * The first of the training and of the test examples. A share of the former is set apart for validation, drawn without
 * replacement from random numbers that depend on the seed alone.
 */
export function examplesFor(
  { trainSamples, testSamples, validationShare }: ClassifierTask,
  seed: number,
  { train, test }: Pick<ImageData, 'train' | 'test'>,
): Examples {
  const some = firstOf(train, trainSamples);
  const apart = Math.floor(some.length * validationShare);
  if (apart === 0) return { train: some, validation: undefined, test: firstOf(test, testSamples) };
  const order = Tensor.zeros(some.device, [some.length], 'int32');
  new Rng(some.device, seed).permutation(order, { stream: streamOf('split') });
  return {
    train: pick(some, order.rows(apart, some.length)),
    validation: pick(some, order.rows(0, apart)),
    test: firstOf(test, testSamples),
  };
}

/** @throws TypeError where the task sets nothing apart for the part it measures */
export function partOf(examples: Examples, part: Exclude<Part, 'batch'>): TensorDataset {
  const found = examples[part];
  if (found) return found;
  throw new TypeError(`[Classifier] expected examples for ${part} but none are set apart; raise validationShare`);
}

function firstOf(examples: TensorDataset, count: number): TensorDataset {
  return examples.slice(0, Math.min(count, examples.length));
}

/** A copy of some examples. */
function pick({ device, inputs, labels, inputShape }: TensorDataset, indices: Tensor<'int32'>): TensorDataset {
  const picked = Tensor.zeros(device, [indices.size, ...inputShape], inputs.dtype);
  const classes = Tensor.zeros(device, [indices.size], labels.dtype);
  // Views last until memory is taken: none is from here on.
  const [from, fromLabels, to, toLabels] = [inputs.data, labels.data, picked.data, classes.data];
  const width = from.length / fromLabels.length;
  indices.data.forEach((index, row) => {
    to.set(from.subarray(index * width, (index + 1) * width), row * width);
    toLabels[row] = fromLabels[index] as number;
  });
  return new TensorDataset({ inputs: picked as never, labels: classes as never });
}
