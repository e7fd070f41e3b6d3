// The interface between the training loop and what it trains.
import type { Optimizer, Parameter, Sequential, Tensor } from '@descent/nn';
import type { SeriesLog } from './series-log.ts';

export interface Task {
  /** All parameters as one tensor. */
  readonly values: Tensor;
  /** The network, if the task classifies images. */
  readonly model?: Sequential;
  /** What the optimizer trains. */
  readonly parameters: readonly Parameter[];
  /** Buffers that the forward pass updates: running statistics. */
  readonly running?: Tensor;
  /** Logs the values before the first step. */
  begin(log: SeriesLog): void;
  /** Sets the random streams to their state after `step` steps. Tensors have been restored before. */
  resume(step: number): void;
  /** Whether a loss or a parameter became NaN or infinite. Training ends there. */
  readonly hasDiverged: boolean;
  /** Finds the first non-finite tensor of the step that diverged. Called once, after that step. */
  locateDivergence(): NonFinite | undefined;
  /**
   * Makes and logs one update. If the loss before it is not finite, the parameters are not changed.
   * @param step counts from 1
   * @returns the loss of the step; NaN if there is none
   */
  update(step: number, log: SeriesLog, optimizer: Optimizer | undefined): number;
  /** Measures the result after the last step. */
  finish(): Record<string, number>;
}

/** The tensor that became non-finite before any other. */
export interface NonFinite {
  /** The class of the layer, such as `Linear`. */
  readonly layer: string;
  /** Name of the tensor; in a model with the index of the layer: `4.weight`, `4.weight.grad`, `4.output`. */
  readonly tensor: string;
}
