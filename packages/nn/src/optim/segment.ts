// The parts of memory that an optimizer updates with one kernel call each.
import type { Pointer } from '@descent/kernels';
import type { Parameter } from '../core/parameter.ts';
import type { Tensor } from '../core/tensor.ts';
import type { OptimizerOptions, ParamGroup } from './param-groups.ts';

/** Parameters of one group that are adjacent in memory and have the same weight decay: one kernel call per step. */
export interface Segment<O extends OptimizerOptions = OptimizerOptions> {
  /** The group of the parameters. */
  readonly group: ParamGroup<O>;
  /** Index of the group. */
  readonly index: number;
  /** Number of elements. */
  readonly size: number;
  /** Start of the values. */
  readonly value: Pointer;
  /** Start of the gradients. */
  readonly grad: Pointer;
  /** λ, or 0 for parameters without weight decay. */
  readonly weightDecay: number;
  /** Offset in bytes of the segment in a block of state. */
  readonly offset: number;
}

/** A parameter of an optimizer. */
export interface TrainedParameter<O extends OptimizerOptions> {
  readonly parameter: Parameter;
  /** Its memory when the optimizer was created. */
  readonly value: Tensor;
  readonly grad: Tensor;
  readonly group: ParamGroup<O>;
  readonly index: number;
  isFrozen: boolean;
}

/**
 * Joins parameters, given in the order of memory, if they are adjacent and have the same group and weight decay. Skips frozen
 * parameters, which keep their part of the state.
 */
export function createSegments<O extends OptimizerOptions>(trained: readonly TrainedParameter<O>[]): Segment<O>[] {
  const segments: Segment<O>[] = [];
  let offset = 0;
  for (const { parameter, group, index } of trained) {
    const { size, requiresGrad } = parameter;
    const start = offset;
    offset += 4 * size;
    if (!requiresGrad) continue;
    const [value, grad] = [parameter.value.pointer, parameter.grad.pointer];
    const { decayBiases, weightDecay: decay } = group as ParamGroup;
    const weightDecay = parameter.decay || decayBiases ? decay : 0;
    const last = segments.at(-1);
    const bytes = last ? 4 * last.size : 0;
    const isSameKind = last?.index === index && last.weightDecay === weightDecay;
    if (last && isSameKind && last.value + bytes === value && last.grad + bytes === grad) {
      segments[segments.length - 1] = { ...last, size: last.size + size };
    } else {
      segments.push({ group, index, size, value, grad, weightDecay, offset: start });
    }
  }
  return segments;
}
