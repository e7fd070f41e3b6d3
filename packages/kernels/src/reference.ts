// Every op in plain TypeScript: the oracle of the tests, the fallback of old engines and the JS side of the benchmark.
import type { Kernels } from './kernels.ts';
import type { Arena } from './memory.ts';
import { batchNorm } from './reference/batch-norm.ts';
import { conv } from './reference/conv.ts';
import { data } from './reference/data.ts';
import { dropout } from './reference/dropout.ts';
import { elementwise } from './reference/elementwise.ts';
import { gelu } from './reference/gelu.ts';
import { layerNorm } from './reference/layer-norm.ts';
import { loss } from './reference/loss.ts';
import { matmul } from './reference/matmul.ts';
import { optim } from './reference/optim.ts';
import { random } from './reference/random.ts';
import { recurrent } from './reference/recurrent.ts';
import { reduce } from './reference/reduce.ts';
import { sparse } from './reference/sparse.ts';

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
