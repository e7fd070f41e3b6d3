// Single numbers with the bits of the kernels, for what is reckoned where there is no device: searches, and claims.
import { exp, log, normalDeviate } from './reference/functions.ts';
import { uniformAt } from './reference/random.ts';

/** float32 in, float32 out, the same in every engine. */
export const exact = {
  /** eˣ. */
  exp,
  /** ln x. */
  log,
  /** √2 · erf⁻¹(x) for −1 < x < 1: a normal number from a uniform one. */
  normalDeviate,
  /** The number in [0, 1) that `randomUniform` puts at an index. */
  uniformAt,
};
