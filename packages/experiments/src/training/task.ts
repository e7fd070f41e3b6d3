// What the training loop drives: something with parameters, an optimizer, and a loss to lower.
import type { Optimizer, Sequential, Tensor } from '@descent/nn';
import type { SeriesLog } from './series-log.ts';

export interface Task {
  readonly steps: number;
  /** All parameters as one tensor. */
  readonly values: Tensor;
  /** What names images; missing where nothing does. */
  readonly model?: Sequential;
  /** Missing where nothing is learnt. */
  readonly optimizer?: Optimizer;
  /** What the forward pass moves beside the optimizer: running statistics. */
  readonly running?: Tensor;
  /** Logs what holds before the first step. */
  begin(log: SeriesLog): void;
  /** Goes to where so many steps leave the random streams; tensors have been restored. */
  resume(step: number): void;
  /** Whether a loss or a parameter has become NaN or infinite; from there on there is nothing to train. */
  readonly hasDiverged: boolean;
  /** Where a non-finite number stood first in the step that diverged. Asked once, after it. */
  locateDivergence(): NonFinite | undefined;
  /**
   * One update, logged. Where the loss before it is not finite it leaves the parameters as they are.
   * @param step counts from 1
   * @returns the loss that stands for the step; NaN where there is none
   */
  update(step: number, log: SeriesLog): number;
  /** What is measured once, after the last step. */
  finish(): Record<string, number>;
}

/** The tensor that ceased to be finite before any other. */
export interface NonFinite {
  /** The class of the layer: `Linear`. */
  readonly layer: string;
  /** Of a model the place of the layer and what it is there: `4.weight`, `4.weight.grad`, `4.output`. */
  readonly tensor: string;
}
