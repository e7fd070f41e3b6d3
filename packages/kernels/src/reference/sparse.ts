// Products that skip zeros, in plain TypeScript. An entry of a list is two words: index and value.
import type { Kernels } from '../ops.ts';
import type { Views } from '../runtime/memory.ts';
import { addBiasAndRelu } from './matmul.ts';

const { fround } = Math;

export function sparse(views: Views) {
  const sparseMatmul: Kernels['sparseMatmul'] = (m, n, capacity, counts, entries, b, out) => {
    const { i32 } = views;
    for (let i = 0, q = out >>> 2, list = entries >>> 2; i < m; i++, q += n, list += 2 * capacity) {
      sumList(views, n, list, i32[(counts >>> 2) + i], b >>> 2, q);
    }
  };
  return {
    sparseMatmul,
    sparseLinear(m, n, capacity, relu, counts, entries, w, bias, out) {
      sparseMatmul(m, n, capacity, counts, entries, w, out);
      addBiasAndRelu(views.f32, m, n, relu, bias >>> 2, out >>> 2);
    },
    compressRows(m, n, x, counts, entries) {
      const { f32, i32 } = views;
      let total = 0;
      for (let i = 0, p = x >>> 2, list = entries >>> 2; i < m; i++, list += 2 * n) {
        let to = list;
        for (let j = 0; j < n; j++, p++) {
          const value = f32[p];
          if (value === 0) continue;
          i32[to] = j;
          f32[to + 1] = value;
          to += 2;
        }
        total += i32[(counts >>> 2) + i] = (to - list) >> 1;
      }
      return total;
    },
    compressBytes(m, n, divisor, table, rows, counts, entries) {
      const { f32, i32, u8 } = views;
      const d = fround(divisor);
      let total = 0;
      for (let i = 0, list = entries >>> 2; i < m; i++, list += 2 * n) {
        let to = list;
        for (let j = 0, p = table + i32[(rows >>> 2) + i] * n; j < n; j++, p++) {
          if (u8[p] === 0) continue;
          i32[to] = j;
          f32[to + 1] = u8[p] / d;
          to += 2;
        }
        total += i32[(counts >>> 2) + i] = (to - list) >> 1;
      }
      return total;
    },
    compressColumns(m, n, capacity, counts, entries, columnCounts, columnEntries) {
      const { f32, i32 } = views;
      const c = columnCounts >>> 2;
      i32.fill(0, c, c + n);
      for (let i = 0, list = entries >>> 2; i < m; i++, list += 2 * n) {
        for (let p = list, end = list + 2 * i32[(counts >>> 2) + i]; p < end; p += 2) {
          const to = (columnEntries >>> 2) + 2 * (i32[p] * capacity + i32[c + i32[p]]++);
          i32[to] = i;
          f32[to + 1] = f32[p + 1];
        }
      }
    },
  } satisfies Partial<Kernels>;
}

/** Computes out (N), the sum over a list, with the sums of four columns at a time in registers. Offsets count words. */
function sumList(views: Views, n: number, list: number, count: number, b: number, out: number): void {
  const { f32, i32 } = views;
  const end = list + 2 * count;
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    let c0 = 0,
      c1 = 0,
      c2 = 0,
      c3 = 0;
    for (let e = list; e < end; e += 2) {
      const v = f32[e + 1];
      const p = b + i32[e] * n + j;
      c0 = fround(c0 + fround(v * f32[p]));
      c1 = fround(c1 + fround(v * f32[p + 1]));
      c2 = fround(c2 + fround(v * f32[p + 2]));
      c3 = fround(c3 + fround(v * f32[p + 3]));
    }
    f32[out + j] = c0;
    f32[out + j + 1] = c1;
    f32[out + j + 2] = c2;
    f32[out + j + 3] = c3;
  }
  for (; j < n; j++) {
    let c = 0;
    for (let e = list; e < end; e += 2) c = fround(c + fround(f32[e + 1] * f32[b + i32[e] * n + j]));
    f32[out + j] = c;
  }
}
