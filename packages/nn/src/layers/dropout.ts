// Dropout.
import type { Device, Kernels } from '@descent/kernels';
import { check, checkArguments, choice, optional, optionsOf, probability, uint32 } from '../core/check.ts';
import type { Rng, Streams } from '../core/random.ts';
import type { Tensor } from '../core/tensor.ts';
import { allocateBatch, BaseLayer, requireForwardFirst } from './layer.ts';

/** Settings of `Dropout`. */
export interface DropoutOptions {
  /**
   * Where the expected output is kept what it is without dropout: by 1/(1 − p) on what is kept in training, as every
   * framework does ("inverted"), or by 1 − p on all in evaluation, as the book and the paper do. Default 'training'.
   */
  scaleIn?: 'training' | 'evaluation';
}

interface Plan {
  kernels: Kernels;
  mask: Tensor;
  y: Tensor;
  dx: Tensor | null;
}

/**
 * y = m · x with m = 0 with probability p, else 1/(1 − p) in training; y = x in evaluation (Srivastava et al. 2014).
 * Backward: dx = m · dy.
 *
 * The mask is the random numbers of the address (seed, 'dropout' stream of this layer, `step`), so it depends neither on
 * what else is drawn nor on the steps before. `step` goes up by one with each forward pass in training; to go on from a
 * checkpoint, set it (on the whole model: `Sequential.step`) to the number of steps done.
 * Book: Dropout, section 6.4.3: `{ scaleIn: 'evaluation' }`.
 */
export class Dropout extends BaseLayer {
  /** Name of the kind of layer, as in messages. */
  readonly name = 'Dropout';
  /** The probability with which a number is dropped. */
  readonly p: number;
  readonly #inTraining: number;
  /** What x is multiplied by in evaluation. */
  readonly evaluationScale: number;
  #plan: Plan | undefined;
  #step = 0;
  #rng: Rng | undefined;
  #stream = 0;
  /** Whether the last forward pass was one of training. */
  #masked = false;

  /** @throws RangeError unless 0 ≤ p ≤ 1 */
  constructor(p = 0.5, options: DropoutOptions = {}) {
    super();
    checkArguments('Dropout', arguments, {
      p: optional(probability),
      options: optionsOf<DropoutOptions>({ scaleIn: choice('training', 'evaluation') }),
    });
    const { scaleIn = 'training' } = options;
    this.p = p;
    this.#inTraining = scaleIn === 'training' && p < 1 ? 1 / (1 - p) : 1;
    this.evaluationScale = scaleIn === 'training' ? 1 : 1 - p;
  }

  /** Which step's mask the next forward pass in training draws. */
  get step(): number {
    return this.#step;
  }

  /** @throws TypeError or RangeError unless it is a whole number below 2³² */
  set step(step: number) {
    check('Dropout', 'step', step, uint32);
    this.#step = step;
  }

  protected allocateBuffers(
    device: Device,
    inputShape: readonly number[],
    batchSize: number,
    needsInputGradient: boolean,
  ): readonly number[] {
    const batch = () => allocateBatch(device, batchSize, inputShape);
    const dx = needsInputGradient ? batch() : null;
    this.#plan = { kernels: device.kernels, mask: batch(), y: batch(), dx };
    return inputShape;
  }

  protected override initializeParameters(rng: Rng, streams: Streams): void {
    this.#rng = rng;
    this.#stream = streams.take('dropout');
  }

  protected computeOutput(x: Tensor): Tensor {
    const { kernels, mask, y } = this.#plan as Plan;
    const size = x.size;
    y.shape[0] = mask.shape[0] = x.shape[0] as number;
    this.#masked = this.training;
    if (this.training) {
      const { seed } = requireForwardFirst('Dropout', 'initialize', this.#rng);
      kernels.dropoutMask(size, seed, this.#stream, this.#step++, this.p, this.#inTraining, mask.pointer);
      kernels.mul(size, x.pointer, mask.pointer, y.pointer);
    } else {
      kernels.scale(size, this.evaluationScale, x.pointer, y.pointer);
    }
    return y;
  }

  protected computeGradients(dy: Tensor): Tensor | null {
    const { kernels, mask, dx } = this.#plan as Plan;
    if (!dx) return null;
    dx.shape[0] = mask.shape[0] as number;
    if (this.#masked) kernels.mul(dx.size, dy.pointer, mask.pointer, dx.pointer);
    else kernels.scale(dx.size, this.evaluationScale, dy.pointer, dx.pointer);
    return dx;
  }
}
