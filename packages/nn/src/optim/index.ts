// The optimizers. To add one, write its class, then add its name and class here.
import { Adagrad, RMSprop } from './adagrad.ts';
import { Adam, AdamW } from './adam.ts';
import { SGD } from './sgd.ts';

export { Adagrad, Adam, AdamW, RMSprop, SGD };

/** Names of the optimizers, as arms and records write them. */
export const optimizerNames = ['sgd', 'adagrad', 'rmsprop', 'adam', 'adamw'] as const;

/** Name of an optimizer. */
export type OptimizerName = (typeof optimizerNames)[number];

/** The class of each optimizer. */
export const optimizers = {
  sgd: SGD,
  adagrad: Adagrad,
  rmsprop: RMSprop,
  adam: Adam,
  adamw: AdamW,
} as const satisfies Record<OptimizerName, unknown>;
