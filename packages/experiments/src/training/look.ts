// A network looked into, as counts: how weights, gradients and activations are spread. Little enough to be told at every look.
import type { TensorDataset } from '@descent/nn';
import { type Spread, spreadOf } from '@descent/nn/formats';
import { inspect, type LayerView } from './inspect.ts';
import type { Training, TrainingContext } from './training.ts';

/** Examples that a network is looked at with. */
const EXAMPLES = 100;

/** How the numbers of one tensor are spread. */
export interface TaggedSpread extends Spread {
  /** `weights/0.weight`. */
  readonly tag: string;
}

/** How a network looks after some step. */
export interface Look {
  /** Steps done. */
  readonly step: number;
  /** Of each layer: its weights, their gradients, its activations and theirs. */
  readonly spreads: readonly TaggedSpread[];
}

/** An eye that looks at a batch of training images, in evaluation mode; of an arm without a network it sees nothing. */
export function createLook({ data }: Pick<TrainingContext, 'data'>): (training: Training) => Look | undefined {
  return (training) => {
    if (!training.model || !data) return undefined;
    const rows = Math.min(EXAMPLES, training.model.batchSize, data.train.length);
    return lookInto(training, data.train.slice(0, rows));
  };
}

/** Weights, their gradients, activations and theirs, of all layers. */
function lookInto(training: Training, examples: TensorDataset): Look {
  const { step, layers } = inspect(training, examples);
  return { step, spreads: layers.flatMap(spreadsOf) };
}

function spreadsOf({ name, kind, parameters, outputs, outputGradients }: LayerView): TaggedSpread[] {
  return [
    ...parameters.flatMap((parameter) => [
      spreadIn(`weights/${parameter.name}`, parameter.values),
      spreadIn(`gradients/${parameter.name}`, parameter.gradients),
    ]),
    spreadIn(`activations/${name} ${kind}`, outputs.values),
    spreadIn(`activation gradients/${name} ${kind}`, outputGradients),
  ];
}

const spreadIn = (tag: string, values: Float32Array): TaggedSpread => ({ tag, ...spreadOf(values) });
