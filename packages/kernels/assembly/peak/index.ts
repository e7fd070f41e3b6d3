// Loops that measure the peak speed of the engine, for `src/bench`: arithmetic in registers, operands in the nearest
// cache, and streams through memory. They are a separate module, because training does not need them.
import { add, F32, firstElement, load, loadSplat, mul, mulAdd, splat, store, STRIDE, W } from '../lane';

/**
 * Runs `count` chains c ← c · a + b of 2 n steps each. A step waits for the step before it in its chain, so more chains
 * hide more latency, until no register is free or all ports are busy. The caller uses the returned sum, so that the
 * optimizer keeps the loop. `count` is a constant after inlining.
 */
@inline function chains(count: i32, n: i32, a: f32, b: f32): f32 {
  const x = splat(a), y = splat(b);
  let c0 = y, c1 = y, c2 = y, c3 = y, c4 = y, c5 = y, c6 = y, c7 = y, c8 = y, c9 = y, c10 = y, c11 = y, c12 = y;
  for (; n > 0; n--) {
    c0 = mulAdd(c0, x, y); c1 = mulAdd(c1, x, y); c2 = mulAdd(c2, x, y); c3 = mulAdd(c3, x, y);
    if (count > 4) { c4 = mulAdd(c4, x, y); c5 = mulAdd(c5, x, y); c6 = mulAdd(c6, x, y); c7 = mulAdd(c7, x, y); }
    if (count > 8) { c8 = mulAdd(c8, x, y); c9 = mulAdd(c9, x, y); }
    if (count > 10) { c10 = mulAdd(c10, x, y); c11 = mulAdd(c11, x, y); }
    if (count > 12) c12 = mulAdd(c12, x, y);
    c0 = mulAdd(c0, x, y); c1 = mulAdd(c1, x, y); c2 = mulAdd(c2, x, y); c3 = mulAdd(c3, x, y);
    if (count > 4) { c4 = mulAdd(c4, x, y); c5 = mulAdd(c5, x, y); c6 = mulAdd(c6, x, y); c7 = mulAdd(c7, x, y); }
    if (count > 8) { c8 = mulAdd(c8, x, y); c9 = mulAdd(c9, x, y); }
    if (count > 10) { c10 = mulAdd(c10, x, y); c11 = mulAdd(c11, x, y); }
    if (count > 12) c12 = mulAdd(c12, x, y);
  }
  let sum = add(add(c0, c1), add(c2, c3));
  if (count > 4) sum = add(sum, add(add(c4, c5), add(c6, c7)));
  if (count > 8) sum = add(sum, add(c8, c9));
  if (count > 10) sum = add(sum, add(c10, c11));
  if (count > 12) sum = add(sum, c12);
  return firstElement(sum);
}

export function chains4(n: i32, a: f32, b: f32): f32 { return chains(4, n, a, b); }
export function chains8(n: i32, a: f32, b: f32): f32 { return chains(8, n, a, b); }
export function chains10(n: i32, a: f32, b: f32): f32 { return chains(10, n, a, b); }
export function chains12(n: i32, a: f32, b: f32): f32 { return chains(12, n, a, b); }
export function chains13(n: i32, a: f32, b: f32): f32 { return chains(13, n, a, b); }

/** Runs `count` pairs x ← x · a, y ← y + x of 2 n steps each: the two operations of a step are independent. */
@inline function pairs(count: i32, n: i32, a: f32, b: f32): f32 {
  const s = splat(a);
  let x0 = splat(b), x1 = x0, x2 = x0, x3 = x0, x4 = x0, x5 = x0, x6 = x0;
  let y0 = x0, y1 = x0, y2 = x0, y3 = x0, y4 = x0, y5 = x0, y6 = x0;
  for (; n > 0; n--) {
    y0 = add(y0, x0); x0 = mul(x0, s); y1 = add(y1, x1); x1 = mul(x1, s); y2 = add(y2, x2); x2 = mul(x2, s);
    y3 = add(y3, x3); x3 = mul(x3, s); y4 = add(y4, x4); x4 = mul(x4, s); y5 = add(y5, x5); x5 = mul(x5, s);
    if (count > 6) { y6 = add(y6, x6); x6 = mul(x6, s); }
    y0 = add(y0, x0); x0 = mul(x0, s); y1 = add(y1, x1); x1 = mul(x1, s); y2 = add(y2, x2); x2 = mul(x2, s);
    y3 = add(y3, x3); x3 = mul(x3, s); y4 = add(y4, x4); x4 = mul(x4, s); y5 = add(y5, x5); x5 = mul(x5, s);
    if (count > 6) { y6 = add(y6, x6); x6 = mul(x6, s); }
  }
  let sum = add(add(add(y0, y1), add(y2, y3)), add(y4, y5));
  if (count > 6) sum = add(sum, y6);
  return firstElement(sum);
}

export function pairs6(n: i32, a: f32, b: f32): f32 { return pairs(6, n, a, b); }
export function pairs7(n: i32, a: f32, b: f32): f32 { return pairs(7, n, a, b); }

/**
 * Runs the innermost loop of matmul.ts n times: 4 rows of a times a panel of 2 Lanes of b, k terms each. All operands
 * are in the first-level cache, and the sums stay in registers.
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
  return firstElement(add(add(add(c00, c10), add(c20, c30)), add(add(c01, c11), add(c21, c31))));
}

/** Computes out = x + a · y for n floats, a multiple of 4 Lanes: the triad of the STREAM benchmark. */
export function triad(n: i32, a: f32, x: usize, y: usize, out: usize): void {
  const s = splat(a);
  for (; n > 0; n -= 4 * W, x += 4 * STRIDE, y += 4 * STRIDE, out += 4 * STRIDE) {
    store(out, mulAdd(s, load(y), load(x)));
    store(out + STRIDE, mulAdd(s, load(y + STRIDE), load(x + STRIDE)));
    store(out + 2 * STRIDE, mulAdd(s, load(y + 2 * STRIDE), load(x + 2 * STRIDE)));
    store(out + 3 * STRIDE, mulAdd(s, load(y + 3 * STRIDE), load(x + 3 * STRIDE)));
  }
}

/** Runs 16 n dependent integer operations of one cycle each, whose time gives the clock frequency. */
export function ticks(n: i32, a: i32): i32 {
  let x = a;
  for (; n > 0; n--) {
    x = rotl(x + a, 7); x = rotl(x ^ a, 9); x = rotl(x + a, 11); x = rotl(x ^ a, 13);
    x = rotl(x + a, 7); x = rotl(x ^ a, 9); x = rotl(x + a, 11); x = rotl(x ^ a, 13);
  }
  return x;
}
