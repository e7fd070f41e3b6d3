// Logs the inputs of the activations of a network, for the same examples at different steps.
import {
  Activation,
  DataLoader,
  type Sequential,
  type Tensor,
  type TensorDataset,
  withRestoredState,
} from '@descent/nn';
import { meanAndStd } from './distribution.ts';
import type { SeriesLog } from './series-log.ts';

/** The quantiles of Ioffe and Szegedy (2015, figure 1). */
const QUANTILES = { Low: 0.15, Median: 0.5, High: 0.85 } as const;

/** Number of training examples that pass through the network. */
const EXAMPLES = 100;

/** Statistics of a layer before the first step. */
interface InitialStatistics {
  /** One mean per unit. */
  readonly means: number[];
  readonly std: number;
}

/**
 * Logs, for each hidden layer, quantiles of the inputs of its activation over all units and 100 fixed examples. Also
 * logs the drift: the mean absolute change of the units' means since initialization, in standard deviations of the
 * layer at initialization.
 */
export class Probe {
  readonly #model: Sequential;
  readonly #inputs: Tensor;
  readonly #initial: InitialStatistics[] = [];

  /** Measures the initialized model, from which the drift is computed. */
  constructor(model: Sequential, examples: TensorDataset) {
    this.#model = model;
    const batchSize = Math.min(EXAMPLES, examples.length);
    this.#inputs = new DataLoader(examples, { batchSize, sampler: 'sequential' }).batch(0).inputs;
    this.#visit((layer, inputs) => {
      this.#initial[layer] = { means: columnMeans(inputs), std: meanAndStd(inputs.data).std };
    });
  }

  log(step: number, log: SeriesLog): void {
    this.#visit((layer, inputs) => {
      const sorted = inputs.data.slice().sort();
      for (const [name, share] of Object.entries(QUANTILES)) {
        log.add(`layer${layer + 1}${name}`, step, sorted[Math.floor((sorted.length - 1) * share)] as number);
      }
      const { means, std } = this.#initial[layer] as InitialStatistics;
      const moved = columnMeans(inputs).reduce((sum, mean, unit) => sum + Math.abs(mean - (means[unit] as number)), 0);
      log.add(`layer${layer + 1}Drift`, step, Math.fround(moved / means.length / std));
    });
  }

  /** Calls `visit` with the inputs of each activation in training mode. */
  #visit(visit: (layer: number, inputs: Tensor) => void): void {
    withRestoredState(this.#model, () => {
      this.#model.train();
      let x = this.#inputs;
      let layer = 0;
      for (const each of this.#model.layers) {
        if (each instanceof Activation) visit(layer++, x);
        x = each.forward(x);
      }
    });
  }
}

/** Computes the mean of each column of a (B, N) tensor. */
function columnMeans({ data, shape }: Tensor): number[] {
  const [rows = 1] = shape;
  const units = data.length / rows;
  const sums = new Array<number>(units).fill(0);
  for (let i = 0; i < data.length; i++) (sums[i % units] as number) += data[i] as number;
  return sums.map((sum) => sum / rows);
}
