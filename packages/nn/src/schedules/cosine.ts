// Down along half a cosine.
import { checkArguments, integer, nonNegative, optimizerLike, optionsOf } from '../core/check.ts';
import type { Optimizer } from '../optim/optimizer.ts';
import { cosineOfFraction, writeCosineOfTurn } from './exact-cosine.ts';
import { LRScheduler } from './scheduler.ts';

/** Settings of `CosineAnnealingLR`. */
export interface CosineAnnealingLROptions {
  /** Epochs from the highest rate to the lowest: a whole number of 1 or more. PyTorch: `T_max`. */
  tMax: number;
  /** The lowest rate. Default 0. PyTorch: `eta_min`. */
  etaMin?: number;
}

/**
 * ηₜ = ηmin + ½ (η₀ − ηmin)(1 + cos(πt / tMax)) (Loshchilov and Hutter 2017, "SGDR", equation 5, without restarts), as PyTorch's
 * `CosineAnnealingLR` takes it from the rate of the epoch before. After `tMax` epochs it goes up again, and so on.
 */
export class CosineAnnealingLR extends LRScheduler {
  /** Epochs from the highest rate to the lowest. */
  readonly tMax: number;
  /** The lowest rate. */
  readonly etaMin: number;
  /** The cosines of the epoch before and of the epoch. */
  readonly #cosines = new Float64Array(2);

  /** @throws RangeError where an option is out of its range */
  constructor(optimizer: Optimizer, options: CosineAnnealingLROptions) {
    const rules = { tMax: integer(1, 2 ** 40), etaMin: nonNegative };
    checkArguments('CosineAnnealingLR', arguments, {
      optimizer: optimizerLike,
      options: optionsOf<CosineAnnealingLROptions>(rules, ['tMax']),
    });
    const { tMax, etaMin = 0 } = options;
    super(optimizer);
    this.tMax = tMax;
    this.etaMin = etaMin;
  }

  protected next(epoch: number, lr: number): number {
    const { baseLr, etaMin, tMax } = this;
    const cosines = this.#cosines;
    writeCosineOfTurn(epoch - 1, tMax, cosines, 0);
    writeCosineOfTurn(epoch, tMax, cosines, 1);
    const before = 1 + (cosines[0] as number);
    // From the lowest rate no factor leads up.
    if (before === 0) return lr + ((baseLr - etaMin) * (1 - cosineOfFraction(1, tMax))) / 2;
    return ((1 + (cosines[1] as number)) / before) * (lr - etaMin) + etaMin;
  }
}
