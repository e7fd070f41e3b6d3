// Single numbers with the bits of the kernels, for what is reckoned where there is no device: searches, and claims.
import { checkArguments, number, numeric, uint32 } from './check.ts';
import { exp, log, normalDeviate } from './reference/functions.ts';
import { uniformAt } from './reference/random.ts';

const inside = numeric('above -1 and below 1', (value) => value > -1 && value < 1);

/** float32 in, float32 out, the same in every engine. */
export const exact = {
  /** eˣ. */
  exp(x: number): number {
    checkArguments('exact.exp', arguments, { x: number });
    return exp(x);
  },
  /** ln x. */
  log(x: number): number {
    checkArguments('exact.log', arguments, { x: number });
    return log(x);
  },
  /** √2 · erf⁻¹(x) for −1 < x < 1: a normal number from a uniform one. */
  normalDeviate(x: number): number {
    checkArguments('exact.normalDeviate', arguments, { x: inside });
    return normalDeviate(x);
  },
  /** The number in [0, 1) that `randomUniform` puts at an index. */
  uniformAt(seed: number, stream: number, step: number, index: number): number {
    checkArguments('exact.uniformAt', arguments, { seed: uint32, stream: uint32, step: uint32, index: uint32 });
    return uniformAt(seed, stream, step, index);
  },
};
