// Optimizers from their description.
import { Adagrad, Adam, AdamW, type Optimizer, type Parameter, RMSprop, SGD } from '@descent/nn';
import type { OptimizerSpec } from './arm.ts';

/** The optimizer that a spec describes, over parameters that have memory. */
export function createOptimizer(spec: OptimizerSpec, parameters: readonly Parameter[]): Optimizer {
  if (spec.kind === 'sgd') return new SGD(parameters, withoutKind(spec));
  if (spec.kind === 'adagrad') return new Adagrad(parameters, withoutKind(spec));
  if (spec.kind === 'rmsprop') return new RMSprop(parameters, withoutKind(spec));
  if (spec.kind === 'adam') return new Adam(parameters, withoutKind(spec));
  // Without λ its own default would hold.
  return new AdamW(parameters, { weightDecay: 0, ...withoutKind(spec) });
}

function withoutKind<S extends OptimizerSpec>({ kind: _, ...options }: S): Omit<S, 'kind'> {
  return options;
}
