// The examples that a classifier trains on and those that it is measured by.
import { type ImageData, Rng, streamOf, Tensor, TensorDataset } from '@descent/nn';
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
    train: pick(some, order.data.subarray(apart)),
    validation: pick(some, order.data.subarray(0, apart)),
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
function pick({ device, inputs, labels, inputShape }: TensorDataset, indices: Int32Array): TensorDataset {
  const rows = { inputs: inputs.data, labels: labels.data };
  const width = rows.inputs.length / rows.labels.length;
  const picked = Tensor.zeros(device, [indices.length, ...inputShape], inputs.dtype);
  const classes = Tensor.zeros(device, [indices.length], labels.dtype);
  const [to, toLabels] = [picked.data, classes.data];
  indices.forEach((index, row) => {
    to.set(rows.inputs.subarray(index * width, (index + 1) * width), row * width);
    toLabels[row] = rows.labels[index] as number;
  });
  return new TensorDataset({ inputs: picked as never, labels: classes as never });
}
