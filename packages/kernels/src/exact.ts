// Functions of single numbers with the bits of the kernels, for code without a device: searches and claims.
import { checkArguments, number, numeric, uint32 } from './check.ts';
import { exp, log, normalDeviate } from './reference/functions.ts';
import { uniformAt } from './reference/random.ts';

const inside = numeric('above -1 and below 1', (value) => value > -1 && value < 1);

/** Functions from float32 to float32 with the same results in every engine. */
export const exact = {
  /** Returns eˣ. */
  exp(x: number): number {
    checkArguments('exact.exp', arguments, { x: number });
    return exp(x);
  },
  /** Returns ln x. */
  log(x: number): number {
    checkArguments('exact.log', arguments, { x: number });
    return log(x);
  },
  /** Returns √2 · erf⁻¹(x) for −1 < x < 1, which converts a uniform number to a normal one. */
  normalDeviate(x: number): number {
    checkArguments('exact.normalDeviate', arguments, { x: inside });
    return normalDeviate(x);
  },
  /** Returns the number in [0, 1) that `randomUniform` stores at an index. */
  uniformAt(seed: number, stream: number, step: number, index: number): number {
    checkArguments('exact.uniformAt', arguments, { seed: uint32, stream: uint32, step: uint32, index: uint32 });
    return uniformAt(seed, stream, step, index);
  },
};
