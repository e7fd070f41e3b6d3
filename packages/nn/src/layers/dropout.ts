// Dropout.
import { check, checkArguments, choice, optional, optionsOf, probability, uint32 } from '../core/check.ts';
import type { Rng, Streams } from '../core/random.ts';
import type { Tensor } from '../core/tensor.ts';
import { type Allocation, allocateBatch, BufferedLayer, requireForwardFirst } from './layer.ts';

/** Options of `Dropout`. */
export interface DropoutOptions {
  /**
   * When outputs are scaled to keep the expected output the same: by 1/(1 − p) in training mode, as in all frameworks
   * ("inverted"), or by 1 − p in evaluation mode, as in the book and the paper. Default 'training'.
   */
  scaleIn?: 'training' | 'evaluation';
}

/**
 * y = m · x with m = 0 with probability p, otherwise 1/(1 − p), in training mode; y = x in evaluation mode
 * (Srivastava et al. 2014). Backward: dx = m · dy.
 *
 * The mask depends only on the seed, the layer's 'dropout' stream and `step`, not on other draws or earlier steps. Each
 * forward pass in training mode adds 1 to `step`. To continue from a checkpoint, set `Sequential.step` to the number of
 * completed steps. Book: Dropout, section 6.4.3: `{ scaleIn: 'evaluation' }`.
 */
export class Dropout extends BufferedLayer {
  readonly name = 'Dropout';
  readonly #scaleIn: 'training' | 'evaluation';
  #p: number;
  #mask: Tensor | undefined;
  #step = 0;
  #seed: number | undefined;
  #stream = 0;
  /** Whether the last forward pass was in training mode. */
  #isMasked = false;

  /** @throws RangeError unless 0 ≤ p ≤ 1 */
  constructor(p = 0.5, options: DropoutOptions = {}) {
    super();
    checkArguments('Dropout', arguments, {
      p: optional(probability),
      options: optionsOf<DropoutOptions>({ scaleIn: choice('training', 'evaluation') }),
    });
    this.#p = p;
    this.#scaleIn = options.scaleIn ?? 'training';
  }

  /** The probability of an element to be dropped. It may change between steps. */
  get p(): number {
    return this.#p;
  }

  /** @throws TypeError or RangeError unless 0 ≤ p ≤ 1 */
  set p(p: number) {
    check('Dropout', 'p', p, probability);
    this.#p = p;
  }

  /** The factor of all elements in evaluation mode. */
  get evaluationScale(): number {
    return this.#scaleIn === 'training' ? 1 : 1 - this.p;
  }

  /** The step whose mask the next forward pass in training mode draws. */
  get step(): number {
    return this.#step;
  }

  /** @throws TypeError or RangeError unless it is a whole number below 2³² */
  set step(step: number) {
    check('Dropout', 'step', step, uint32);
    this.#step = step;
  }

  protected allocateWorkspace({ device, inputShape, batchSize }: Allocation): readonly number[] {
    this.#mask = allocateBatch(device, batchSize, inputShape);
    return inputShape;
  }

  protected override initializeParameters({ seed }: Rng, streams: Streams): void {
    this.#seed = seed;
    this.#stream = streams.take('dropout');
  }

  protected computeForward(x: Tensor, y: Tensor): void {
    const { device, pointer: mask } = this.#mask as Tensor;
    const { kernels } = device;
    this.#isMasked = this.training;
    if (this.training) {
      const seed = requireForwardFirst('Dropout', 'initialize', this.#seed);
      const scale = this.#scaleIn === 'training' && this.p < 1 ? 1 / (1 - this.p) : 1;
      kernels.dropoutMask(x.size, seed, this.#stream, this.#step++, this.p, scale, mask);
    }
    this.#applyMask(x, y);
  }

  protected computeBackward(_x: Tensor, dy: Tensor, dx: Tensor | null): void {
    if (dx) this.#applyMask(dy, dx);
  }

  #applyMask({ size, pointer }: Tensor, out: Tensor): void {
    const { device, pointer: mask } = this.#mask as Tensor;
    if (this.#isMasked) device.kernels.mul(size, pointer, mask, out.pointer);
    else device.kernels.scale(size, this.evaluationScale, pointer, out.pointer);
  }
}
