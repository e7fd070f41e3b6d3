// The peak loops of assembly/peak in TypeScript: the float32 rate that JavaScript reaches in this engine.
import type { Views } from '../runtime/memory.ts';

const { fround } = Math;

/** Peak loops of a variant. `n` is the number of iterations; `a` and `b` keep the numbers in range. */
export interface PeakLoops {
  /** Loops on registers by name, such as `chains12`. */
  readonly registers: Readonly<Record<string, (n: number, a: number, b: number) => number>>;
  tile(n: number, k: number, a: number, b: number): number;
  triad(n: number, a: number, x: number, y: number, out: number): void;
  /** Dependent integer operations of one cycle each, which measure the clock frequency; not in JavaScript. */
  ticks?(n: number, a: number): number;
}

/** Returns the loops of the reference. */
export function createPeakLoops(views: Views): PeakLoops {
  return {
    registers: { chains12 },
    tile: (n, k, a, b) => tile(views.f32, n, k, a >>> 2, b >>> 2),
    triad(n, a, x, y, out) {
      const { f32 } = views;
      const [p, q, r] = [x >>> 2, y >>> 2, out >>> 2];
      for (let i = 0; i < n; i++) f32[r + i] = fround(f32[p + i] + fround(a * f32[q + i]));
    },
  };
}

function chains12(n: number, a: number, b: number): number {
  const x = fround(a),
    y = fround(b);
  let c0 = y,
    c1 = y,
    c2 = y,
    c3 = y,
    c4 = y,
    c5 = y,
    c6 = y,
    c7 = y,
    c8 = y,
    c9 = y,
    c10 = y,
    c11 = y;
  for (; n > 0; n--) {
    c0 = fround(fround(c0 * x) + y);
    c1 = fround(fround(c1 * x) + y);
    c2 = fround(fround(c2 * x) + y);
    c3 = fround(fround(c3 * x) + y);
    c4 = fround(fround(c4 * x) + y);
    c5 = fround(fround(c5 * x) + y);
    c6 = fround(fround(c6 * x) + y);
    c7 = fround(fround(c7 * x) + y);
    c8 = fround(fround(c8 * x) + y);
    c9 = fround(fround(c9 * x) + y);
    c10 = fround(fround(c10 * x) + y);
    c11 = fround(fround(c11 * x) + y);
  }
  return c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11;
}

/** 4 rows of a by 2 columns of b, k terms each. The engine would spill more than 8 sums to the stack. */
function tile(f32: Float32Array, n: number, k: number, a: number, b: number): number {
  let c00 = 0,
    c01 = 0,
    c10 = 0,
    c11 = 0,
    c20 = 0,
    c21 = 0,
    c30 = 0,
    c31 = 0;
  for (; n > 0; n--) {
    for (let l = 0, p = a, q = b; l < k; l++, p++, q += 2) {
      const b0 = f32[q],
        b1 = f32[q + 1];
      const a0 = f32[p],
        a1 = f32[p + k],
        a2 = f32[p + 2 * k],
        a3 = f32[p + 3 * k];
      c00 = fround(c00 + fround(a0 * b0));
      c01 = fround(c01 + fround(a0 * b1));
      c10 = fround(c10 + fround(a1 * b0));
      c11 = fround(c11 + fround(a1 * b1));
      c20 = fround(c20 + fround(a2 * b0));
      c21 = fround(c21 + fround(a2 * b1));
      c30 = fround(c30 + fround(a3 * b0));
      c31 = fround(c31 + fround(a3 * b1));
    }
  }
  return c00 + c01 + c10 + c11 + c20 + c21 + c30 + c31;
}
