// Layers, optimizers and schedules, which have the same methods each.
import * as nn from '../../src/index.ts';
import { built, type Call, device, init, type Loose, make, model, on, placement, rng, sgd } from './fixtures.ts';

const norm = { eps: 1e-5, affine: true };
const batchNorm = { ...norm, momentum: 0.1, trackRunningStats: true, runningVariance: 'biased', initialVariance: 1 };
const orNull = { momentum: ['null'] };
const inits = { weightInit: init, biasInit: init };

/** Arguments of the constructor of each layer, and a shape of input that it accepts. */
export const layers: Record<string, [args: Call['args'], inputShape: number[], accepts?: Call['accepts']]> = {
  Linear: [{ inFeatures: 2, outFeatures: 3, options: { ...inits, bias: true } }, [2]],
  Conv2d: [
    { inChannels: 1, outChannels: 1, kernelSize: 1, options: { ...inits, bias: true, stride: 1, padding: 0 } },
    [1, 2, 2],
  ],
  RNN: [
    {
      inFeatures: 2,
      hiddenFeatures: 3,
      options: { ...inits, returns: 'last', norm: 'batch', steps: 2, initialGamma: 1 },
    },
    [2, 2],
  ],
  BatchNorm1d: [{ features: 2, options: batchNorm }, [2], orNull],
  BatchNorm2d: [{ features: 2, options: batchNorm }, [2, 2, 2], orNull],
  LayerNorm: [{ normalizedShape: 2, options: norm }, [2]],
  MaxPool2d: [{ kernelSize: 1, options: { stride: 1 } }, [1, 2, 2]],
  Dropout: [{ p: 0.5, options: { scaleIn: 'training' } }, [2]],
  GELU: [{ options: { approximate: 'none' } }, [2]],
  ReLU: [{}, [2]],
  Sigmoid: [{}, [2]],
  Tanh: [{}, [2]],
  Flatten: [{}, [2]],
};

export function* callsOfLayer(name: string): Generator<[string, () => Call]> {
  const [args, inputShape, accepts] = layers[name] as [Call['args'], number[], Call['accepts']];
  const Class = (nn as Loose)[name];
  const own = () => new Class(...Object.values(args));
  const placed = () => {
    const layer = own();
    built(layer).to(device, { ...placement, inputShape });
    return layer;
  };
  const x = nn.Tensor.zeros(device, [2, ...inputShape]);
  const passed = () => {
    const layer = placed();
    return { layer, dy: layer.forward(x) };
  };
  yield [name, make(Class, args, accepts)];
  const allocate = { device, inputShape, batchSize: 2, needsInputGradient: true };
  yield [`${name}#allocate`, () => on(placed, 'allocate', allocate)()];
  yield [`${name}#initialize`, () => on(placed, 'initialize', { rng, streams: new nn.Streams() })()];
  yield [`${name}#forward`, () => on(placed, 'forward', { x, fusedActivation: undefined })()];
  yield [
    `${name}#backward`,
    () => {
      const { layer, dy } = passed();
      return { act: (...given) => layer.backward(...given), args: { dy } };
    },
  ];
}

const adam = { beta1: 0.9, beta2: 0.999, eps: 1e-8, epsilonHat: false, amsgrad: false };
export const optimizers: Record<string, object> = {
  SGD: { momentum: 0.9, nesterov: false },
  Adagrad: { eps: 1e-10 },
  RMSprop: { alpha: 0.99, eps: 1e-8 },
  Adam: adam,
  AdamW: adam,
};

export function* callsOfOptimizer(name: string): Generator<[string, () => Call]> {
  const Class = (nn as Loose)[name];
  const options = { lr: 0.1, weightDecay: 0, decayBiases: false, ...optimizers[name] };
  const own = () => new Class(model.parameters(), options);
  yield [name, () => make(Class, { parameter: model.parameters(), options })()];
  yield [`${name}#step`, on(own, 'step')];
  yield [`${name}#zeroGrad`, on(own, 'zeroGrad')];
  yield [`${name}#loadStateDict`, () => on(own, 'loadStateDict', { state: own().stateDict() })()];
}

class OwnLR extends nn.LRScheduler {
  protected next(): number {
    return 1;
  }
}

export const schedules: Record<string, [Class: Loose, args: () => Call['args']]> = {
  StepLR: [nn.StepLR, () => ({ options: { stepSize: 1, gamma: 0.1 } })],
  MultiStepLR: [nn.MultiStepLR, () => ({ options: { milestones: [1], gamma: 0.1 } })],
  ExponentialLR: [nn.ExponentialLR, () => ({ options: { gamma: 0.1 } })],
  CosineAnnealingLR: [nn.CosineAnnealingLR, () => ({ options: { tMax: 1, etaMin: 0 } })],
  LinearLR: [nn.LinearLR, () => ({ options: { startFactor: 0.5, endFactor: 1, totalIters: 5 } })],
  LambdaLR: [nn.LambdaLR, () => ({ factor: () => 1 })],
  LRScheduler: [OwnLR, () => ({})],
};

export function* callsOfSchedule(name: string): Generator<[string, () => Call]> {
  const [Class, rest] = schedules[name] as [Loose, () => Call['args']];
  const own = () => new Class(sgd(), ...Object.values(rest()));
  yield [name, () => make(Class, { optimizer: sgd(), ...rest() })()];
  yield [`${name}#step`, on(own, 'step')];
  const state = { lastEpoch: 1, baseLr: 0.1, baseLrs: [0.1] };
  yield [`${name}#loadStateDict`, on(own, 'loadStateDict', { state }, { baseLrs: ['array'] })];
}
