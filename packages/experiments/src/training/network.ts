// Creates networks from their specification.
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

/** Number of classes of MNIST and Fashion-MNIST. */
export const DEFAULT_CLASSES = 10;

interface Network {
  readonly layers: Layer[];
  /** The shape of an example as an input of the network. */
  readonly inputShape: readonly number[];
}

/**
 * Creates a network for examples of `pixels` pixels.
 * @throws RangeError if the number of pixels does not fit the network
 */
export function createNetwork(network: NetworkSpec, pixels: number, dialect: Dialect): Network {
  switch (network.kind) {
    case 'perceptron':
      return { layers: createPerceptronLayers(network, pixels, dialect), inputShape: [pixels] };
    case 'recurrent':
      return createRecurrent(network, pixels);
    case 'convnet':
      return createConvnet(network, pixels, dialect);
  }
}

function createPerceptronLayers(
  { hiddenSizes, activation, init, norm, dropout, classes = DEFAULT_CLASSES }: Omit<PerceptronSpec, 'kind'>,
  inputs: number,
  dialect: Dialect,
): Layer[] {
  const weightInit = createInitializer(init);
  const fanIns = [inputs, ...hiddenSizes];
  const hidden = hiddenSizes.flatMap((size, index) => [
    new Linear(fanIns[index] as number, size, { weightInit }),
    ...createNorms(norm, size, dialect),
    new activations[activation](),
    ...createDropouts(dropout, dialect),
  ]);
  return [...hidden, new Linear(fanIns.at(-1) as number, classes, { weightInit })];
}

function createRecurrent(network: RecurrentSpec, pixels: number): Network {
  const { sequenceSteps: steps, hiddenSize, norm, initialGamma, classes = DEFAULT_CLASSES } = network;
  if (pixels % steps !== 0) {
    throw new RangeError(`[network] expected sequenceSteps to divide ${pixels} pixels evenly but got ${steps}`);
  }
  const features = pixels / steps;
  const layers = [new RNN(features, hiddenSize, { norm, steps, initialGamma }), new Linear(hiddenSize, classes)];
  return { layers, inputShape: [steps, features] };
}

function createConvnet(network: ConvnetSpec, pixels: number, dialect: Dialect): Network {
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
  return { layers: [...layers, new Flatten(), ...createPerceptronLayers(network, features, dialect)], inputShape };
}

/** The book's batch normalization has a different ε and a biased running variance that starts at 0. */
function createNorms(norm: Norm, size: number, dialect: Dialect): Layer[] {
  if (norm === 'none') return [];
  if (norm === 'layer') return [new LayerNorm(size)];
  const book = { eps: 1e-6, runningVariance: 'biased', initialVariance: 0 } as const;
  return [new BatchNorm1d(size, dialect === 'book' ? book : {})];
}

/** The book scales outputs in evaluation, today's frameworks in training. */
function createDropouts(share: number, dialect: Dialect): Layer[] {
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
