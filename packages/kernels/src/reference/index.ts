// Every op in plain TypeScript: the oracle of the tests, the fallback of old engines and the JS side of the benchmark.
import type { Kernels } from '../ops.ts';
import type { Arena } from '../runtime/memory.ts';
import { batchNorm } from './batch-norm.ts';
import { conv } from './conv.ts';
import { data } from './data.ts';
import { dropout } from './dropout.ts';
import { elementwise } from './elementwise.ts';
import { gelu } from './gelu.ts';
import { layerNorm } from './layer-norm.ts';
import { loss } from './loss.ts';
import { matmul } from './matmul.ts';
import { optim } from './optim.ts';
import { random } from './random.ts';
import { recurrent } from './recurrent.ts';
import { reduce } from './reduce.ts';
import { sparse } from './sparse.ts';

/** The kernels over an arena. Math.fround follows every × + − ÷ √ except where an op says float64. */
export function createReference(arena: Arena): Kernels {
  const { views } = arena;
  const generator = random(views);
  return {
    ...matmul(views),
    ...sparse(views),
    ...elementwise(views),
    ...reduce(views),
    ...loss(views),
    ...data(views),
    ...generator,
    ...dropout(views, generator),
    ...batchNorm(views),
    ...layerNorm(views),
    ...gelu(views),
    ...recurrent(views),
    ...conv(views),
    ...optim(views),
  };
}
