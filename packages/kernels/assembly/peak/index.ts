// Loops that show what the engine can do at most, for `src/bench`: operands in registers, operands in the first-level cache, streams.
// They are a module of their own, so that nobody who trains has to load them.
import { add, F32, load, loadSplat, mul, mulAdd, splat, store, STRIDE, W } from '../lane';

// Chains: each is c ← c·a + b, every step of it waiting for the one before. More chains hide more of the wait, until the registers
// are used up or all of the processor's ports are busy. Sums leave through the result, lest the optimizer should drop them.

export function chains4(n: i32, a: f32, b: f32): f32 {
  const x = splat(a), y = splat(b);
  let c0 = y, c1 = y, c2 = y, c3 = y;
  for (; n > 0; n--) {
    c0 = mulAdd(c0, x, y); c1 = mulAdd(c1, x, y); c2 = mulAdd(c2, x, y); c3 = mulAdd(c3, x, y);
    c0 = mulAdd(c0, x, y); c1 = mulAdd(c1, x, y); c2 = mulAdd(c2, x, y); c3 = mulAdd(c3, x, y);
  }
  return first(add(add(c0, c1), add(c2, c3)));
}

export function chains8(n: i32, a: f32, b: f32): f32 {
  const x = splat(a), y = splat(b);
  let c0 = y, c1 = y, c2 = y, c3 = y, c4 = y, c5 = y, c6 = y, c7 = y;
  for (; n > 0; n--) {
    c0 = mulAdd(c0, x, y); c1 = mulAdd(c1, x, y); c2 = mulAdd(c2, x, y); c3 = mulAdd(c3, x, y);
    c4 = mulAdd(c4, x, y); c5 = mulAdd(c5, x, y); c6 = mulAdd(c6, x, y); c7 = mulAdd(c7, x, y);
    c0 = mulAdd(c0, x, y); c1 = mulAdd(c1, x, y); c2 = mulAdd(c2, x, y); c3 = mulAdd(c3, x, y);
    c4 = mulAdd(c4, x, y); c5 = mulAdd(c5, x, y); c6 = mulAdd(c6, x, y); c7 = mulAdd(c7, x, y);
  }
  return first(add(add(add(c0, c1), add(c2, c3)), add(add(c4, c5), add(c6, c7))));
}

export function chains10(n: i32, a: f32, b: f32): f32 {
  const x = splat(a), y = splat(b);
  let c0 = y, c1 = y, c2 = y, c3 = y, c4 = y, c5 = y, c6 = y, c7 = y, c8 = y, c9 = y;
  for (; n > 0; n--) {
    c0 = mulAdd(c0, x, y); c1 = mulAdd(c1, x, y); c2 = mulAdd(c2, x, y); c3 = mulAdd(c3, x, y); c4 = mulAdd(c4, x, y);
    c5 = mulAdd(c5, x, y); c6 = mulAdd(c6, x, y); c7 = mulAdd(c7, x, y); c8 = mulAdd(c8, x, y); c9 = mulAdd(c9, x, y);
    c0 = mulAdd(c0, x, y); c1 = mulAdd(c1, x, y); c2 = mulAdd(c2, x, y); c3 = mulAdd(c3, x, y); c4 = mulAdd(c4, x, y);
    c5 = mulAdd(c5, x, y); c6 = mulAdd(c6, x, y); c7 = mulAdd(c7, x, y); c8 = mulAdd(c8, x, y); c9 = mulAdd(c9, x, y);
  }
  return first(add(add(add(c0, c1), add(c2, c3)), add(add(add(c4, c5), add(c6, c7)), add(c8, c9))));
}

export function chains12(n: i32, a: f32, b: f32): f32 {
  const x = splat(a), y = splat(b);
  let c0 = y, c1 = y, c2 = y, c3 = y, c4 = y, c5 = y, c6 = y, c7 = y, c8 = y, c9 = y, c10 = y, c11 = y;
  for (; n > 0; n--) {
    c0 = mulAdd(c0, x, y); c1 = mulAdd(c1, x, y); c2 = mulAdd(c2, x, y); c3 = mulAdd(c3, x, y);
    c4 = mulAdd(c4, x, y); c5 = mulAdd(c5, x, y); c6 = mulAdd(c6, x, y); c7 = mulAdd(c7, x, y);
    c8 = mulAdd(c8, x, y); c9 = mulAdd(c9, x, y); c10 = mulAdd(c10, x, y); c11 = mulAdd(c11, x, y);
    c0 = mulAdd(c0, x, y); c1 = mulAdd(c1, x, y); c2 = mulAdd(c2, x, y); c3 = mulAdd(c3, x, y);
    c4 = mulAdd(c4, x, y); c5 = mulAdd(c5, x, y); c6 = mulAdd(c6, x, y); c7 = mulAdd(c7, x, y);
    c8 = mulAdd(c8, x, y); c9 = mulAdd(c9, x, y); c10 = mulAdd(c10, x, y); c11 = mulAdd(c11, x, y);
  }
  return first(add(add(add(add(c0, c1), add(c2, c3)), add(add(c4, c5), add(c6, c7))), add(add(c8, c9), add(c10, c11))));
}

export function chains13(n: i32, a: f32, b: f32): f32 {
  const x = splat(a), y = splat(b);
  let c0 = y, c1 = y, c2 = y, c3 = y, c4 = y, c5 = y, c6 = y, c7 = y, c8 = y, c9 = y, c10 = y, c11 = y, c12 = y;
  for (; n > 0; n--) {
    c0 = mulAdd(c0, x, y); c1 = mulAdd(c1, x, y); c2 = mulAdd(c2, x, y); c3 = mulAdd(c3, x, y);
    c4 = mulAdd(c4, x, y); c5 = mulAdd(c5, x, y); c6 = mulAdd(c6, x, y); c7 = mulAdd(c7, x, y);
    c8 = mulAdd(c8, x, y); c9 = mulAdd(c9, x, y); c10 = mulAdd(c10, x, y); c11 = mulAdd(c11, x, y); c12 = mulAdd(c12, x, y);
    c0 = mulAdd(c0, x, y); c1 = mulAdd(c1, x, y); c2 = mulAdd(c2, x, y); c3 = mulAdd(c3, x, y);
    c4 = mulAdd(c4, x, y); c5 = mulAdd(c5, x, y); c6 = mulAdd(c6, x, y); c7 = mulAdd(c7, x, y);
    c8 = mulAdd(c8, x, y); c9 = mulAdd(c9, x, y); c10 = mulAdd(c10, x, y); c11 = mulAdd(c11, x, y); c12 = mulAdd(c12, x, y);
  }
  return first(add(add(add(add(c0, c1), add(c2, c3)), add(add(c4, c5), add(c6, c7))), add(add(add(c8, c9), add(c10, c11)), c12)));
}

// Pairs: multiplications and additions that hardly wait for each other, x ← x·a and y ← y + x. They take two registers each.

export function pairs6(n: i32, a: f32, b: f32): f32 {
  const s = splat(a);
  let x0 = splat(b), x1 = x0, x2 = x0, x3 = x0, x4 = x0, x5 = x0;
  let y0 = x0, y1 = x0, y2 = x0, y3 = x0, y4 = x0, y5 = x0;
  for (; n > 0; n--) {
    y0 = add(y0, x0); x0 = mul(x0, s); y1 = add(y1, x1); x1 = mul(x1, s); y2 = add(y2, x2); x2 = mul(x2, s);
    y3 = add(y3, x3); x3 = mul(x3, s); y4 = add(y4, x4); x4 = mul(x4, s); y5 = add(y5, x5); x5 = mul(x5, s);
    y0 = add(y0, x0); x0 = mul(x0, s); y1 = add(y1, x1); x1 = mul(x1, s); y2 = add(y2, x2); x2 = mul(x2, s);
    y3 = add(y3, x3); x3 = mul(x3, s); y4 = add(y4, x4); x4 = mul(x4, s); y5 = add(y5, x5); x5 = mul(x5, s);
  }
  return first(add(add(add(y0, y1), add(y2, y3)), add(y4, y5)));
}

export function pairs7(n: i32, a: f32, b: f32): f32 {
  const s = splat(a);
  let x0 = splat(b), x1 = x0, x2 = x0, x3 = x0, x4 = x0, x5 = x0, x6 = x0;
  let y0 = x0, y1 = x0, y2 = x0, y3 = x0, y4 = x0, y5 = x0, y6 = x0;
  for (; n > 0; n--) {
    y0 = add(y0, x0); x0 = mul(x0, s); y1 = add(y1, x1); x1 = mul(x1, s); y2 = add(y2, x2); x2 = mul(x2, s);
    y3 = add(y3, x3); x3 = mul(x3, s); y4 = add(y4, x4); x4 = mul(x4, s); y5 = add(y5, x5); x5 = mul(x5, s); y6 = add(y6, x6); x6 = mul(x6, s);
    y0 = add(y0, x0); x0 = mul(x0, s); y1 = add(y1, x1); x1 = mul(x1, s); y2 = add(y2, x2); x2 = mul(x2, s);
    y3 = add(y3, x3); x3 = mul(x3, s); y4 = add(y4, x4); x4 = mul(x4, s); y5 = add(y5, x5); x5 = mul(x5, s); y6 = add(y6, x6); x6 = mul(x6, s);
  }
  return first(add(add(add(y0, y1), add(y2, y3)), add(add(y4, y5), y6)));
}

/**
 * The innermost loop of matmul.ts, n times over: 4 rows of a, k terms each, against a panel of k × 2 Lanes of b, all of it in the first-level
 * cache, sums in registers and stored nowhere.
 */
export function tile(n: i32, k: i32, a: usize, b: usize): f32 {
  const ai = (<usize>k) << F32;
  let c00 = splat(0), c10 = splat(0), c20 = splat(0), c30 = splat(0);
  let c01 = splat(0), c11 = splat(0), c21 = splat(0), c31 = splat(0);
  for (; n > 0; n--) {
    let p = a;
    let q = b;
    for (let l = k; l > 0; l--, p += 4, q += 2 * STRIDE) {
      const b0 = load(q), b1 = load(q + STRIDE);
      const a0 = loadSplat(p);
      c00 = mulAdd(a0, b0, c00);
      c01 = mulAdd(a0, b1, c01);
      const a1 = loadSplat(p + ai);
      c10 = mulAdd(a1, b0, c10);
      c11 = mulAdd(a1, b1, c11);
      const a2 = loadSplat(p + 2 * ai);
      c20 = mulAdd(a2, b0, c20);
      c21 = mulAdd(a2, b1, c21);
      const a3 = loadSplat(p + 3 * ai);
      c30 = mulAdd(a3, b0, c30);
      c31 = mulAdd(a3, b1, c31);
    }
  }
  return first(add(add(add(c00, c10), add(c20, c30)), add(add(c01, c11), add(c21, c31))));
}

/** out = x + a·y over n floats, n a multiple of 4 Lanes: the triad of STREAM. */
export function triad(n: i32, a: f32, x: usize, y: usize, out: usize): void {
  const s = splat(a);
  for (; n > 0; n -= 4 * W, x += 4 * STRIDE, y += 4 * STRIDE, out += 4 * STRIDE) {
    store(out, mulAdd(s, load(y), load(x)));
    store(out + STRIDE, mulAdd(s, load(y + STRIDE), load(x + STRIDE)));
    store(out + 2 * STRIDE, mulAdd(s, load(y + 2 * STRIDE), load(x + 2 * STRIDE)));
    store(out + 3 * STRIDE, mulAdd(s, load(y + 3 * STRIDE), load(x + 3 * STRIDE)));
  }
}

/** 16 n integer operations, each waiting for the one before and done in one cycle: what the clock is told by. */
export function ticks(n: i32, a: i32): i32 {
  let x = a;
  for (; n > 0; n--) {
    x = rotl(x + a, 7); x = rotl(x ^ a, 9); x = rotl(x + a, 11); x = rotl(x ^ a, 13);
    x = rotl(x + a, 7); x = rotl(x ^ a, 9); x = rotl(x + a, 11); x = rotl(x ^ a, 13);
  }
  return x;
}

// @ts-ignore: decorator
@inline function first(x: Lane): f32 {
  if (ASC_FEATURE_SIMD) return f32x4.extract_lane(x, 0);
  else return x;
}
