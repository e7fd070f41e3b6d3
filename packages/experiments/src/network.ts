// Networks from their description.
import {
  BatchNorm1d,
  Dropout,
  type Initialiser,
  kaimingNormal,
  type Layer,
  Linear,
  lecunNormal,
  normal,
  ReLU,
  Sigmoid,
  Tanh,
  xavierNormal,
} from '@descent/nn';
import type { Dialect, InitSpec, Norm, PerceptronSpec } from './arm.ts';

/** The ten digits, or the ten garments of Fashion-MNIST. */
export const CLASSES = 10;

export const activations = { relu: ReLU, sigmoid: Sigmoid, tanh: Tanh };

/** The layers of a network over rows of a shape. */
export function layersOf(network: PerceptronSpec, [inputs]: readonly number[], dialect: Dialect): Layer[] {
  const { hiddenSizes, activation, init, norm, dropout } = network;
  const weightInit = initialiserOf(init);
  const fanIns = [inputs as number, ...hiddenSizes];
  const hidden = hiddenSizes.flatMap((size, index) => [
    new Linear(fanIns[index] as number, size, { weightInit }),
    ...normsOf(norm, size, dialect),
    new activations[activation](),
    ...dropoutsOf(dropout, dialect),
  ]);
  return [...hidden, new Linear(fanIns.at(-1) as number, CLASSES, { weightInit })];
}

/** The book's batch norm has another ε, and a biased running variance that starts at 0. */
function normsOf(norm: Norm, size: number, dialect: Dialect): Layer[] {
  if (norm === 'none') return [];
  const book = { eps: 1e-6, runningVariance: 'biased', initialVariance: 0 } as const;
  return [new BatchNorm1d(size, dialect === 'book' ? book : {})];
}

/** The book scales in evaluation, today's frameworks in training. */
function dropoutsOf(share: number, dialect: Dialect): Layer[] {
  return share === 0 ? [] : [new Dropout(share, { scaleIn: dialect === 'book' ? 'evaluation' : 'training' })];
}

export function initialiserOf(init: InitSpec): Initialiser {
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
