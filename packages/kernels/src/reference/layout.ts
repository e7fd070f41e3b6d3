// Ops that copy elements to other places, in plain TypeScript: transposes, and rows of a data set picked by index.
import type { Kernels } from '../ops.ts';
import type { Views } from '../runtime/memory.ts';

const { fround } = Math;

export function layout(views: Views) {
  return {
    transpose(m, n, x, out) {
      const { u32 } = views;
      for (let i = 0, p = x >>> 2; i < m; i++) {
        for (let j = 0, q = (out >>> 2) + i; j < n; j++, p++, q += m) u32[q] = u32[p];
      }
    },
    swapAxes(m, n, k, x, out) {
      const { u32 } = views;
      for (let i = 0, p = x >>> 2; i < m; i++) {
        for (let j = 0, q = (out >>> 2) + i * k; j < n; j++, p += k, q += m * k) u32.copyWithin(q, p, p + k);
      }
    },
    gatherBytes(m, n, divisor, table, indices, out) {
      const { f32, i32, u8 } = views;
      const d = fround(divisor);
      for (let i = 0, q = out >>> 2; i < m; i++, q += n) {
        const p = table + i32[(indices >>> 2) + i] * n;
        for (let j = 0; j < n; j++) f32[q + j] = fround(u8[p + j] / d);
      }
    },
    gatherRows(m, n, table, indices, out) {
      const { u32, i32 } = views;
      for (let i = 0, q = out >>> 2; i < m; i++, q += n) {
        const p = (table >>> 2) + i32[(indices >>> 2) + i] * n;
        u32.copyWithin(q, p, p + n);
      }
    },
    gatherLabels(m, table, indices, out) {
      const { i32, u8 } = views;
      for (let i = 0; i < m; i++) i32[(out >>> 2) + i] = u8[table + i32[(indices >>> 2) + i]];
    },
  } satisfies Partial<Kernels>;
}
