// What the activations of a network are given, for the same examples at different steps of training.
import {
  Activation,
  DataLoader,
  type Sequential,
  type Tensor,
  type TensorDataset,
  withRestoredState,
} from '@descent/nn';
import { momentsOf } from './distribution.ts';
import type { SeriesLog } from './series-log.ts';

/** As Ioffe and Szegedy (2015, figure 1) show them. */
const QUANTILES = { Low: 0.15, Median: 0.5, High: 0.85 } as const;

/** The first so many training examples are looked at. */
const EXAMPLES = 100;

/** How a layer was at first. */
interface First {
  readonly means: number[];
  readonly std: number;
}

/**
 * Logs of each hidden layer, over its units and 100 fixed examples, quantiles of what its activation is given, and the drift:
 * how far the units' means are from where they were at first, on average, in standard deviations that the layer had at first.
 */
export class Probe {
  readonly #model: Sequential;
  readonly #inputs: Tensor;
  readonly #first: First[] = [];

  /** Looks at the model as it is initialized: the drift is measured from here. */
  constructor(model: Sequential, examples: TensorDataset) {
    this.#model = model;
    const batchSize = Math.min(EXAMPLES, examples.length);
    this.#inputs = new DataLoader(examples, { batchSize, sampler: 'sequential' }).batch(0).inputs;
    this.#look((layer, sums) => {
      this.#first[layer] = { means: meansOf(sums), std: momentsOf(sums.data).std };
    });
  }

  log(step: number, log: SeriesLog): void {
    this.#look((layer, sums) => {
      const sorted = sums.data.slice().sort();
      for (const [name, share] of Object.entries(QUANTILES)) {
        log.add(`layer${layer + 1}${name}`, step, sorted[Math.floor((sorted.length - 1) * share)] as number);
      }
      const { means, std } = this.#first[layer] as First;
      const moved = meansOf(sums).reduce((sum, mean, unit) => sum + Math.abs(mean - (means[unit] as number)), 0);
      log.add(`layer${layer + 1}Drift`, step, Math.fround(moved / means.length / std));
    });
  }

  #look(see: (layer: number, sums: Tensor) => void): void {
    withRestoredState(this.#model, () => {
      this.#model.train();
      let x = this.#inputs;
      let layer = 0;
      for (const each of this.#model.layers) {
        if (each instanceof Activation) see(layer++, x);
        x = each.forward(x);
      }
    });
  }
}

/** The mean of every column of (B, N). */
function meansOf({ data, shape }: Tensor): number[] {
  const [rows = 1] = shape;
  const units = data.length / rows;
  const sums = new Array<number>(units).fill(0);
  for (let i = 0; i < data.length; i++) (sums[i % units] as number) += data[i] as number;
  return sums.map((sum) => sum / rows);
}
