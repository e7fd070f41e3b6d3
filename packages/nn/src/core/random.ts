// Random numbers by address (seed, stream, step, index). A draw does not depend on other draws.
import type { Device } from '@descent/kernels';
import * as is from './check.ts';
import type { Tensor } from './tensor.ts';

const STREAMS_PER_KIND = 65_536;

/** The uses of random numbers: initial weights, batches, dropout masks, synthetic data, trials of a search, splits of a data set. */
export type StreamKind = 'weights' | 'batches' | 'dropout' | 'data' | 'trials' | 'split';

/** The number of each kind, which has 65,536 streams. Must not change, because results depend on it. */
export const streams: Readonly<Record<StreamKind, number>> = {
  weights: 1,
  batches: 2,
  dropout: 3,
  data: 4,
  trials: 5,
  split: 6,
};

const kindLike = is.choice(...Object.keys(streams));

/** Returns the number of a kind's `index`-th stream. @throws RangeError if the kind has no such stream */
export function streamOf(kind: StreamKind, index = 0): number {
  is.checkArguments('streamOf', arguments, { kind: kindLike, index: is.optional(is.integer(0, STREAMS_PER_KIND - 1)) });
  return streams[kind] * STREAMS_PER_KIND + index;
}

/** Assigns the streams of each kind in order, so that the draws of a layer do not depend on those of other layers. */
export class Streams {
  readonly #taken = new Map<StreamKind, number>();

  constructor() {
    is.checkArguments('Streams', arguments, {});
  }

  /** Returns the next stream of a kind. */
  take(kind: StreamKind): number {
    is.checkArguments('Streams', arguments, { kind: kindLike });
    const index = this.#taken.get(kind) ?? 0;
    this.#taken.set(kind, index + 1);
    return streamOf(kind, index);
  }
}

/** The position of a draw in the random numbers of a seed. */
export interface Address {
  /** From `streamOf`. */
  stream: number;
  /** Training step, epoch or trial. Default 0. */
  step?: number;
}

/** @throws RangeError if low is above high, or their difference is beyond float32 */
export function checkInterval(who: string, low: number, high: number): void {
  if (low <= high && is.fitsFloat32(high - low)) return;
  throw new RangeError(`[${who}] expected low to be at most high but got ${low} and ${high}`);
}

/** The random number generator of one seed: Threefry-2x32-20 in the kernels (Salmon et al. 2011, "Parallel random numbers"). */
export class Rng {
  /** The device whose kernels draw. */
  readonly device: Device;
  /** The seed. */
  readonly seed: number;

  /** @throws RangeError unless the seed is a whole number below 2³² */
  constructor(device: Device, seed: number) {
    is.checkArguments('Rng', arguments, { device: is.deviceLike, seed: is.uint32 });
    this.device = device;
    this.seed = seed;
  }

  /** Fills a tensor with numbers from U[low, high). @throws RangeError if low is above high */
  uniform(tensor: Tensor, options: Address & { low?: number; high?: number }): void {
    this.#check(arguments, 'float32', { low: is.finite, high: is.finite });
    const { stream, step = 0, low = 0, high = 1 } = options;
    checkInterval('Rng', low, high);
    this.device.kernels.randomUniform(tensor.size, this.seed, stream, step, low, high, tensor.pointer);
  }

  /** Fills a tensor with numbers from N(mean, std²). */
  normal(tensor: Tensor, options: Address & { mean?: number; std?: number }): void {
    this.#check(arguments, 'float32', { mean: is.finite, std: is.nonNegative });
    const { stream, step = 0, mean = 0, std = 1 } = options;
    this.device.kernels.randomNormal(tensor.size, this.seed, stream, step, mean, std, tensor.pointer);
  }

  /** Fills a tensor with uniform whole numbers in [0, bound), 1 ≤ bound ≤ 2²⁰. */
  integers(tensor: Tensor<'int32'>, options: Address & { bound: number }): void {
    this.#check(arguments, 'int32', { bound: is.integer(1, 2 ** 20) }, ['bound']);
    const { stream, step = 0, bound } = options;
    this.device.kernels.randomIntegers(tensor.size, this.seed, stream, step, bound, tensor.pointer);
  }

  /** Fills a tensor with a permutation of 0 … n − 1: Fisher and Yates, inside out, with random words in the same memory. */
  permutation(tensor: Tensor<'int32'>, options: Address): void {
    this.#check(arguments, 'int32', {});
    const { stream, step = 0 } = options;
    is.check('Rng', 'size of a permutation', tensor.size, is.integer(0, 2 ** 20));
    this.permute(tensor, stream, step);
  }

  /**
   * Does the same without checks. Allocates only a view.
   * @internal
   */
  permute(tensor: Tensor<'int32'>, stream: number, step: number): void {
    this.device.kernels.randomBits(tensor.size, this.seed, stream, step, tensor.pointer);
    const order = tensor.data;
    for (let i = 0; i < order.length; i++) {
      const j = Math.floor((((order[i] as number) >>> 0) * (i + 1)) / 2 ** 32);
      order[i] = order[j] as number;
      order[j] = i;
    }
  }

  #check(given: IArguments, dtype: string, rules: is.Rules, required: readonly string[] = []): void {
    is.checkArguments('Rng', given, {
      tensor: is.tensorOf(dtype),
      options: is.optionsOf({ stream: is.uint32, step: is.uint32, ...rules } as is.Rules, ['stream', ...required]),
    });
    is.checkSameDevice('Rng', this.device, given[0]);
  }
}
