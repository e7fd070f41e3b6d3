// The activations of an untrained network: normal inputs pass once through its layers.
import { Activation, activations, type Device, Linear, Rng, Sequential, streamOf, Tensor } from '@descent/nn';
import type { ActivationsTask } from './arm.ts';
import { fractionWhere, histogram, meanAndStd } from './distribution.ts';
import { createInitializer } from './network.ts';
import type { SeriesLog } from './series-log.ts';
import type { Task } from './task.ts';

/**
 * A task of one step, which passes the inputs through layers without biases, as in the book. It logs a histogram of
 * each layer's activations. It also logs series over the layers, whose `step` is the number of the layer: mean,
 * standard deviation, the fraction of saturated activations (for ReLU: 0) and the fraction outside the histogram.
 */
export class ActivationSurvey implements Task {
  readonly values: Tensor;
  readonly parameters = [];
  readonly hasDiverged = false;
  readonly #task: ActivationsTask;
  readonly #model: Sequential;
  readonly #inputs: Tensor;

  /** @throws RangeError if there is not enough memory */
  constructor(task: ActivationsTask, seed: number, device: Device) {
    const { inputs, samples: batchSize } = task;
    this.#task = task;
    this.#model = new Sequential(createLayers(task)).to(device, { inputShape: [inputs], batchSize, seed });
    this.#inputs = Tensor.zeros(device, [batchSize, inputs]);
    new Rng(device, seed).normal(this.#inputs, { stream: streamOf('data') });
    this.values = this.#model.values;
  }

  begin(): void {}

  resume(): void {}

  locateDivergence(): undefined {}

  update(_step: number, log: SeriesLog): number {
    let x = this.#inputs;
    for (const [index, layer] of this.#model.layers.entries()) {
      x = layer.forward(x);
      if (layer instanceof Activation) this.#observe((index + 1) / 2, layer, x.data, log);
    }
    return Number.NaN;
  }

  finish(): Record<string, number> {
    return {};
  }

  #observe(layer: number, activation: Activation, y: Float32Array, log: SeriesLog): void {
    const { bins, range } = this.#task;
    const [low, high] = range;
    const { mean, std } = meanAndStd(y);
    log.addHistogram(`layer${layer}`, histogram(y, bins, range));
    log.add('mean', layer, mean);
    log.add('std', layer, std);
    log.add(
      'saturated',
      layer,
      fractionWhere(y, (value) => activation.isSaturated(value)),
    );
    log.add(
      'beyond',
      layer,
      fractionWhere(y, (value) => !(value >= low && value <= high)),
    );
  }
}

function createLayers({ inputs, hiddenSizes, activation, init }: ActivationsTask) {
  const weightInit = createInitializer(init);
  return hiddenSizes.flatMap((size, index) => {
    const fanIn = hiddenSizes[index - 1] ?? inputs;
    return [new Linear(fanIn, size, { weightInit, bias: false }), new activations[activation]()];
  });
}
