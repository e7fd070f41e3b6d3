// Every op in plain TypeScript: the oracle of the tests, the fallback for old engines and the JavaScript side of the
// benchmark.
import type { Kernels } from '../ops.ts';
import type { Arena } from '../runtime/memory.ts';
import { batchNorm } from './batch-norm.ts';
import { conv } from './conv.ts';
import { elementwise } from './elementwise.ts';
import { gelu } from './gelu.ts';
import { layerNorm } from './layer-norm.ts';
import { layout } from './layout.ts';
import { loss } from './loss.ts';
import { matmul } from './matmul.ts';
import { optim } from './optim.ts';
import { random } from './random.ts';
import { reduce } from './reduce.ts';
import { sparse } from './sparse.ts';

/** Returns the ops on an arena. `Math.fround` follows every × + − ÷ √, except where an op is defined in float64. */
export function createReference(arena: Arena): Kernels {
  const { views } = arena;
  const copies = layout(views);
  return {
    ...matmul(views, copies),
    ...sparse(views),
    ...elementwise(views),
    ...reduce(views),
    ...loss(views),
    ...copies,
    ...random(views),
    ...batchNorm(views),
    ...layerNorm(views),
    ...gelu(views),
    ...conv(views),
    ...optim(views),
  };
}
