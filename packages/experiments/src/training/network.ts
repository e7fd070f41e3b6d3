// Networks from their description.
import {
  activations,
  BatchNorm1d,
  Conv2d,
  Dropout,
  Flatten,
  type Initializer,
  kaimingNormal,
  type Layer,
  LayerNorm,
  Linear,
  lecunNormal,
  MaxPool2d,
  normal,
  RNN,
  xavierNormal,
} from '@descent/nn';
import type { ConvnetSpec, Dialect, InitSpec, NetworkSpec, Norm, PerceptronSpec, RecurrentSpec } from './arm.ts';

/** The ten digits, or the ten garments of Fashion-MNIST. */
export const CLASSES = 10;

interface Network {
  readonly layers: Layer[];
  /** How the network sees an example, whatever its own shape. */
  readonly inputShape: readonly number[];
}

/**
 * A network over examples of so many pixels.
 * @throws RangeError where the pixels cannot be cut or laid out as the network asks
 */
export function createNetwork(network: NetworkSpec, pixels: number, dialect: Dialect): Network {
  switch (network.kind) {
    case 'perceptron':
      return { layers: perceptronLayers(network, pixels, dialect), inputShape: [pixels] };
    case 'recurrent':
      return recurrent(network, pixels);
    case 'convnet':
      return convnet(network, pixels, dialect);
  }
}

function perceptronLayers(
  { hiddenSizes, activation, init, norm, dropout, classes = CLASSES }: Omit<PerceptronSpec, 'kind'>,
  inputs: number,
  dialect: Dialect,
): Layer[] {
  const weightInit = createInitializer(init);
  const fanIns = [inputs, ...hiddenSizes];
  const hidden = hiddenSizes.flatMap((size, index) => [
    new Linear(fanIns[index] as number, size, { weightInit }),
    ...normsOf(norm, size, dialect),
    new activations[activation](),
    ...dropoutsOf(dropout, dialect),
  ]);
  return [...hidden, new Linear(fanIns.at(-1) as number, classes, { weightInit })];
}

function recurrent(network: RecurrentSpec, pixels: number): Network {
  const { sequenceSteps: steps, hiddenSize, norm, initialGamma, classes = CLASSES } = network;
  if (pixels % steps !== 0) {
    throw new RangeError(`[network] expected sequenceSteps to divide ${pixels} pixels evenly but got ${steps}`);
  }
  const features = pixels / steps;
  const layers = [new RNN(features, hiddenSize, { norm, steps, initialGamma }), new Linear(hiddenSize, classes)];
  return { layers, inputShape: [steps, features] };
}

function convnet(network: ConvnetSpec, pixels: number, dialect: Dialect): Network {
  const { channels, kernelSize, activation, init } = network;
  let side = Math.sqrt(pixels);
  if (!Number.isInteger(side)) throw new RangeError(`[network] expected square images but got ${pixels} pixels`);
  const inputShape = [1, side, side];
  const layers = channels.flatMap((count, index) => {
    side = Math.floor((side - kernelSize + 1) / 2);
    const options = { weightInit: createInitializer(init) };
    return [
      new Conv2d(channels[index - 1] ?? 1, count, kernelSize, options),
      new activations[activation](),
      new MaxPool2d(2),
    ];
  });
  if (side < 1) throw new RangeError(`[network] expected images larger than the windows but got ${pixels} pixels`);
  const features = (channels.at(-1) ?? 1) * side * side;
  return { layers: [...layers, new Flatten(), ...perceptronLayers(network, features, dialect)], inputShape };
}

/** The book's batch norm has another ε, and a biased running variance that starts at 0. */
function normsOf(norm: Norm, size: number, dialect: Dialect): Layer[] {
  if (norm === 'none') return [];
  if (norm === 'layer') return [new LayerNorm(size)];
  const book = { eps: 1e-6, runningVariance: 'biased', initialVariance: 0 } as const;
  return [new BatchNorm1d(size, dialect === 'book' ? book : {})];
}

/** The book scales in evaluation, today's frameworks in training. */
function dropoutsOf(share: number, dialect: Dialect): Layer[] {
  return share === 0 ? [] : [new Dropout(share, { scaleIn: dialect === 'book' ? 'evaluation' : 'training' })];
}

export function createInitializer(init: InitSpec): Initializer {
  switch (init.kind) {
    case 'he':
      return kaimingNormal();
    case 'xavier':
      return lecunNormal();
    case 'glorot':
      return xavierNormal();
    case 'normal':
      return normal({ std: init.std });
  }
}
