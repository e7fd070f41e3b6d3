// What one kernel call of an optimizer updates.
import type { Pointer } from '@descent/kernels';
import type { Parameter } from '../core/parameter.ts';
import type { Tensor } from '../core/tensor.ts';
import type { OptimizerOptions, ParamGroup } from './param-groups.ts';

/** Parameters of one group that are side by side in memory and decay alike: one kernel call per step. */
export interface Segment<O extends OptimizerOptions = OptimizerOptions> {
  /** Whose options hold for it. */
  readonly group: ParamGroup<O>;
  /** The number of the group, from 0 on. */
  readonly index: number;
  /** Number of parameters. */
  readonly size: number;
  /** Where their values begin. */
  readonly value: Pointer;
  /** Where their gradients begin. */
  readonly grad: Pointer;
  /** λ, or 0 where the segment does not decay. */
  readonly weightDecay: number;
  /** Bytes from the start of a state block to this segment's part of it. */
  readonly offset: number;
}

/** A parameter that an optimizer moves. */
export interface Moved<O extends OptimizerOptions> {
  readonly parameter: Parameter;
  /** Its memory when the optimizer was made. */
  readonly value: Tensor;
  readonly grad: Tensor;
  readonly group: ParamGroup<O>;
  readonly index: number;
  isFrozen: boolean;
}

/**
 * Joins parameters, in the order of memory, whose values and gradients follow on one another and whose group and decay are the same.
 * Frozen ones are skipped, but keep their place in the state.
 */
export function segmentsOf<O extends OptimizerOptions>(moved: readonly Moved<O>[]): Segment<O>[] {
  const segments: Segment<O>[] = [];
  let offset = 0;
  for (const { parameter, group, index } of moved) {
    const { size, requiresGrad } = parameter;
    if (!requiresGrad) {
      offset += 4 * size;
      continue;
    }
    const [value, grad] = [parameter.value.pointer, parameter.grad.pointer];
    const { decayBiases, weightDecay: decay } = group as ParamGroup;
    const weightDecay = parameter.decay || decayBiases ? decay : 0;
    const last = segments.at(-1);
    const bytes = last ? 4 * last.size : 0;
    const isAlike = last?.index === index && last.weightDecay === weightDecay;
    if (last && isAlike && last.value + bytes === value && last.grad + bytes === grad) {
      segments[segments.length - 1] = { ...last, size: last.size + size };
    } else {
      segments.push({ group, index, size, value, grad, weightDecay, offset });
    }
    offset += 4 * size;
  }
  return segments;
}
