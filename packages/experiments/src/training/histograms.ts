// Histograms of the weights, gradients and activations of a network.
import { type Histogram, toHistogram } from '@descent/nn/formats';
import { inspect, type LayerView } from './inspect.ts';
import type { Training, TrainingContext } from './training.ts';

/** Number of training examples that pass through the network. */
const EXAMPLES = 100;

/** The histogram of one tensor. */
export interface TaggedHistogram extends Histogram {
  /** The name in TensorBoard, such as `weights/0.weight`. */
  readonly tag: string;
}

/** The histograms of a network after a step. */
export interface NetworkHistograms {
  /** Completed steps. */
  readonly step: number;
  /** For each layer: weights, their gradients, activations and their gradients. */
  readonly histograms: readonly TaggedHistogram[];
}

/**
 * Returns a function that reads the histograms of a network, for a batch of training images in evaluation mode. It
 * returns undefined for an arm without a network.
 */
export function createHistogramReader({
  data,
}: Pick<TrainingContext, 'data'>): (training: Training) => NetworkHistograms | undefined {
  return (training) => {
    if (!training.model || !data) return undefined;
    const rows = Math.min(EXAMPLES, training.model.batchSize, data.train.length);
    const { step, layers } = inspect(training, data.train.slice(0, rows));
    return { step, histograms: layers.flatMap(toLayerHistograms) };
  };
}

function toLayerHistograms({ name, kind, parameters, outputs, outputGradients }: LayerView): TaggedHistogram[] {
  return [
    ...parameters.flatMap((parameter) => [
      toTaggedHistogram(`weights/${parameter.name}`, parameter.values),
      toTaggedHistogram(`gradients/${parameter.name}`, parameter.gradients),
    ]),
    toTaggedHistogram(`activations/${name} ${kind}`, outputs.values),
    toTaggedHistogram(`activation gradients/${name} ${kind}`, outputGradients),
  ];
}

const toTaggedHistogram = (tag: string, values: Float32Array): TaggedHistogram => ({ tag, ...toHistogram(values) });
