// Creates optimizers from their specification.
import { type Optimizer, optimizers, type Parameter } from '@descent/nn';
import type { OptimizerSpec } from './arm.ts';

type Constructor = new (parameters: readonly Parameter[], options: object) => Optimizer;

/**
 * Creates the optimizer of a spec for parameters that are allocated. `AdamW` gets weightDecay 0 unless the spec has
 * one.
 */
export function createOptimizer({ kind, ...options }: OptimizerSpec, parameters: readonly Parameter[]): Optimizer {
  return new (optimizers[kind] as Constructor)(parameters, { weightDecay: 0, ...options });
}
