// Reductions in plain TypeScript. A sum has four lanes.
import type { Kernels } from '../ops.ts';
import type { Views } from '../runtime/memory.ts';

const { fround } = Math;

/** Terms that are added in float32 before they are added to a sum in float64. */
export const BLOCK = 4;
/** Up to this many rows a column sum is one chain in float32; above it is added in blocks. */
const CHAIN_ROWS = 1024;

/** Returns Σ f32[p … p + n) in four lanes. */
export function sum(f32: Float32Array, n: number, p: number): number {
  let s0 = 0,
    s1 = 0,
    s2 = 0,
    s3 = 0;
  const end = p + n;
  for (; p + 4 <= end; p += 4) {
    s0 = fround(s0 + f32[p]);
    s1 = fround(s1 + f32[p + 1]);
    s2 = fround(s2 + f32[p + 2]);
    s3 = fround(s3 + f32[p + 3]);
  }
  if (p < end) s0 = fround(s0 + f32[p]);
  if (p + 1 < end) s1 = fround(s1 + f32[p + 1]);
  if (p + 2 < end) s2 = fround(s2 + f32[p + 2]);
  return fround(fround(s0 + s1) + fround(s2 + s3));
}

/** Returns Σ (f32[p … p + n) − shift), or of its squares, in four lanes of float64, added in order. */
export function wideSum(f32: Float32Array, n: number, p: number, shift = 0, isSquared = false): number {
  let total = 0;
  for (let lane = 0; lane < 4; lane++) {
    let chain = 0;
    for (let i = lane; i < n; i += 4) {
      const d = f32[p + i] - shift;
      chain += isSquared ? d * d : d;
    }
    total += chain;
  }
  return total;
}

/** Returns the maximum of f32[p … p + n), a zero as +0. */
export function max(f32: Float32Array, n: number, p: number): number {
  let m = Number.NEGATIVE_INFINITY;
  for (const end = p + n; p < end; p++) m = Math.max(m, f32[p]);
  return m + 0;
}

export function reduce(views: Views) {
  return {
    sum: (n, x) => sum(views.f32, n, x >>> 2),
    wideSum: (n, x) => wideSum(views.f32, n, x >>> 2),
    max: (n, x) => max(views.f32, n, x >>> 2),
    sumSquares(n, x) {
      const { f32 } = views;
      const s = [0, 0, 0, 0] as [number, number, number, number];
      for (let i = 0, p = x >>> 2; i < n; i++)
        s[i & 3] = fround((s[i & 3] as number) + fround(f32[p + i] * f32[p + i]));
      return fround(fround(s[0] + s[1]) + fround(s[2] + s[3]));
    },
    wideSumSquares: (n, x) => wideSum(views.f32, n, x >>> 2, 0, true),
    sumAxis0(m, n, x, out) {
      const { f32 } = views;
      const rows = m > CHAIN_ROWS ? BLOCK : CHAIN_ROWS;
      for (let j = 0; j < n; j++) {
        let total = 0;
        for (let i = 0; i < m; i += rows) {
          let chain = 0;
          for (let k = i; k < m && k < i + rows; k++) chain = fround(chain + f32[(x >>> 2) + k * n + j]);
          total += chain;
        }
        f32[(out >>> 2) + j] = total;
      }
    },
    argmaxRows(m, n, x, out) {
      const { f32, i32 } = views;
      for (let i = 0, p = x >>> 2; i < m; i++, p += n) {
        let best = 0;
        let value = f32[p];
        for (let j = 1; j < n; j++) {
          const v = f32[p + j];
          if (v > value || (Number.isNaN(v) && !Number.isNaN(value))) {
            value = v;
            best = j;
          }
        }
        i32[(out >>> 2) + i] = Number.isNaN(value) ? -1 : best;
      }
    },
    countEqual(n, a, b) {
      const { i32 } = views;
      let count = 0;
      for (let i = 0, p = a >>> 2, q = b >>> 2; i < n; i++) if (i32[p + i] === i32[q + i]) count++;
      return count;
    },
    firstNonFinite(n, x) {
      const { f32 } = views;
      for (let i = 0, p = x >>> 2; i < n; i++) if (f32[p + i] - f32[p + i] !== 0) return i;
      return -1;
    },
  } satisfies Partial<Kernels>;
}
