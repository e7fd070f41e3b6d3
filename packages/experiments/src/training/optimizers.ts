// Optimizers from their description.
import { Adagrad, Adam, AdamW, type Optimizer, type Parameter, RMSprop, SGD } from '@descent/nn';
import type { OptimizerSpec } from './arm.ts';

/** The optimizer that a spec describes, over parameters that have memory. */
export function createOptimizer(spec: OptimizerSpec, parameters: readonly Parameter[]): Optimizer {
  switch (spec.kind) {
    case 'sgd':
      return new SGD(parameters, spec);
    case 'adagrad':
      return new Adagrad(parameters, spec);
    case 'rmsprop':
      return new RMSprop(parameters, spec);
    case 'adam':
      return new Adam(parameters, spec);
    case 'adamw':
      // Without λ its own default would hold.
      return new AdamW(parameters, { weightDecay: 0, ...spec });
  }
}
