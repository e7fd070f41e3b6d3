// Steps before examples or examples before steps, in plain TypeScript.
import type { Kernels } from '../ops.ts';
import type { Views } from '../runtime/memory.ts';

type Recurrent = Pick<Kernels, 'swapAxes'>;

export function recurrent(views: Views): Recurrent {
  return {
    swapAxes(m, n, k, x, out) {
      const { u32 } = views;
      for (let i = 0, p = x >>> 2; i < m; i++) {
        for (let j = 0, q = (out >>> 2) + i * k; j < n; j++, p += k, q += m * k) u32.copyWithin(q, p, p + k);
      }
    },
  };
}
