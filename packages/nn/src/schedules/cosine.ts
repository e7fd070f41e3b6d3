// The cosine schedule, and a cosine with the same bits in all engines.
import { integer, nonNegative } from '../core/check.ts';
import type { Optimizer } from '../optim/optimizer.ts';
import { checkSchedule, LRScheduler } from './scheduler.ts';

/** Options of `CosineAnnealingLR`. */
export interface CosineAnnealingLROptions {
  /** Epochs from the highest rate to the lowest: a whole number of 1 or more. PyTorch: `T_max`. */
  tMax: number;
  /** The lowest rate. Default 0. PyTorch: `eta_min`. */
  etaMin?: number;
}

/**
 * ηₜ = ηmin + ½ (η₀ − ηmin)(1 + cos(πt / tMax)) (Loshchilov and Hutter 2017, "SGDR", equation 5, without restarts), computed from
 * the rate of the epoch before, as in PyTorch's `CosineAnnealingLR`. After `tMax` epochs the rate rises again.
 */
export class CosineAnnealingLR extends LRScheduler {
  readonly #options: Required<CosineAnnealingLROptions>;
  /** The cosines of the epoch before and of the epoch. */
  readonly #cosines = new Float64Array(2);

  /** @throws RangeError if an option is out of its range */
  constructor(optimizer: Optimizer, options: CosineAnnealingLROptions) {
    const rules = { tMax: integer(1, 2 ** 40), etaMin: nonNegative };
    checkSchedule<CosineAnnealingLROptions>('CosineAnnealingLR', arguments, rules, ['tMax']);
    super(optimizer);
    const { tMax, etaMin = 0 } = options;
    this.#options = { tMax, etaMin };
  }

  protected next(epoch: number, lr: number): number {
    const { etaMin, tMax } = this.#options;
    const cosines = this.#cosines;
    writeCosine(epoch - 1, tMax, cosines, 0);
    writeCosine(epoch, tMax, cosines, 1);
    const before = 1 + (cosines[0] as number);
    // At the lowest rate a factor cannot raise the rate.
    if (before === 0) return lr + ((this.baseLr - etaMin) * (1 - exactCosine(1, tMax))) / 2;
    return ((1 + (cosines[1] as number)) / before) * (lr - etaMin) + etaMin;
  }
}

/** 1 / 2!, 1 / 4! … 1 / 16!, with the signs of the series. */
const EVEN = reciprocalFactorials(2, 8);
/** 1 / 3!, 1 / 5! … 1 / 17!, likewise. */
const ODD = reciprocalFactorials(3, 8);

/**
 * Returns cos(π · t / half) for whole numbers t ≥ 0 and half ≥ 1, computed in float64 with + − × ÷ only, because the last bits of
 * `Math.cos` differ between engines. Exact at multiples of a quarter turn; otherwise within 2⁻⁵² of the true value.
 */
export function exactCosine(t: number, half: number): number {
  const result = new Float64Array(1);
  writeCosine(t, half, result, 0);
  return result[0] as number;
}

/** Writes the same to `out[index]`. A returned float takes 16 bytes unless V8 inlines the call; an array takes none. */
function writeCosine(t: number, half: number, out: Float64Array, index: number): void {
  // cos(2π − x) = cos x, cos(π − x) = −cos x. These comparisons and differences of whole numbers are exact.
  const within = t % (2 * half);
  const folded = within > half ? 2 * half - within : within;
  const isNegative = 2 * folded > half;
  const near = isNegative ? half - folded : folded;
  // The series of the cosine up to an eighth of a turn, otherwise that of the sine of the complementary angle.
  const isCosine = 4 * near <= half;
  const x = isCosine ? (Math.PI * near) / half : (Math.PI * (half - 2 * near)) / (2 * half);
  const coefficients = isCosine ? EVEN : ODD;
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = x * x * ((coefficients[i] as number) + sum);
  const value = isCosine ? 1 + sum : x + x * sum;
  out[index] = isNegative ? -value : value;
}

/** Returns −1 / first!, 1 / (first + 2)!, −1 / (first + 4)!, … All these factorials are exact in float64. */
function reciprocalFactorials(first: 2 | 3, count: number): number[] {
  let factorial = 1;
  for (let i = 2; i <= first; i++) factorial *= i;
  return Array.from({ length: count }, (_, index) => {
    const value = (index % 2 === 0 ? -1 : 1) / factorial;
    const last = first + 2 * index;
    factorial *= (last + 1) * (last + 2);
    return value;
  });
}
