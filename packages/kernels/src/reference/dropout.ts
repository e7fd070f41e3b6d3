// Masks of dropout in plain TypeScript.
import type { Kernels } from '../ops.ts';
import type { Views } from '../runtime/memory.ts';

type Dropout = Pick<Kernels, 'dropoutMask'>;

const GRID = 2 ** 24;

export function dropout(views: Views, { randomBits }: Pick<Kernels, 'randomBits'>): Dropout {
  return {
    dropoutMask(n, seed, stream, step, p, value, out) {
      randomBits(n, seed, stream, step, out);
      const { f32, u32 } = views;
      const threshold = Math.fround(p) * GRID;
      for (let i = 0, q = out >>> 2; i < n; i++) f32[q + i] = u32[q + i] >>> 8 < threshold ? 0 : value;
    },
  };
}
