// What the training loop drives: something with parameters, an optimizer, and a loss to lower.
import type { Optimizer, Tensor } from '@descent/nn';
import type { SeriesLog } from './series-log.ts';

export interface Task {
  readonly steps: number;
  /** All parameters as one tensor. */
  readonly values: Tensor;
  readonly optimizer: Optimizer;
  /** Logs what holds before the first step. */
  begin(log: SeriesLog): void;
  /** Whether a loss or a parameter has become NaN or infinite; from there on there is nothing to train. */
  readonly hasDiverged: boolean;
  /**
   * One update, logged. Where the loss before it is not finite it leaves the parameters as they are.
   * @param step counts from 1
   * @returns the loss that stands for the step
   */
  update(step: number, log: SeriesLog): number;
  /** What is measured once, after the last step. */
  finish(): Record<string, number>;
}
