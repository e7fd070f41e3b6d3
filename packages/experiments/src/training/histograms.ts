// A network looked into, as counts: how weights, gradients and activations are spread. Little enough to be told at every look.
import type { TensorDataset } from '@descent/nn';
import { type Histogram, toHistogram } from '@descent/nn/formats';
import { inspect, type LayerView } from './inspect.ts';
import type { Training, TrainingContext } from './training.ts';

/** Examples that a network is looked at with. */
const EXAMPLES = 100;

/** How the numbers of one tensor are spread. */
export interface TaggedHistogram extends Histogram {
  /** `weights/0.weight`. */
  readonly tag: string;
}

/** How a network looks after some step. */
export interface NetworkHistograms {
  /** Steps done. */
  readonly step: number;
  /** Of each layer: its weights, their gradients, its activations and theirs. */
  readonly spreads: readonly TaggedHistogram[];
}

/** An eye that looks at a batch of training images, in evaluation mode; of an arm without a network it sees nothing. */
export function createHistogramProbe({
  data,
}: Pick<TrainingContext, 'data'>): (training: Training) => NetworkHistograms | undefined {
  return (training) => {
    if (!training.model || !data) return undefined;
    const rows = Math.min(EXAMPLES, training.model.batchSize, data.train.length);
    return readHistograms(training, data.train.slice(0, rows));
  };
}

/** Weights, their gradients, activations and theirs, of all layers. */
function readHistograms(training: Training, examples: TensorDataset): NetworkHistograms {
  const { step, layers } = inspect(training, examples);
  return { step, spreads: layers.flatMap(layerHistograms) };
}

function layerHistograms({ name, kind, parameters, outputs, outputGradients }: LayerView): TaggedHistogram[] {
  return [
    ...parameters.flatMap((parameter) => [
      taggedHistogram(`weights/${parameter.name}`, parameter.values),
      taggedHistogram(`gradients/${parameter.name}`, parameter.gradients),
    ]),
    taggedHistogram(`activations/${name} ${kind}`, outputs.values),
    taggedHistogram(`activation gradients/${name} ${kind}`, outputGradients),
  ];
}

const taggedHistogram = (tag: string, values: Float32Array): TaggedHistogram => ({ tag, ...toHistogram(values) });
