// Reductions. A sum has four lanes in every build, so that builds agree: one v128, or four f32 in the scalar build.
import { add, anyNaN, F32, load, loadTail, mul, splat, store, storePartial, storeTail, STRIDE, W } from './lane';
import { addWide, BLOCK, high, horizontalSumWide, loadWide, low, mulWide, narrow, splatWide, subWide } from './wide';

/** Returns (l0 + l1) + (l2 + l3). */
@inline function horizontalSum(x: v128): f32 {
  return (f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1)) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

/** Returns the sum of every fourth element, or of its square. */
@inline function sumLane(n: i32, x: usize, isSquared: bool): f32 {
  let s: f32 = 0;
  for (; n > 0; n -= 4, x += 16) s += isSquared ? f32.load(x) * f32.load(x) : f32.load(x);
  return s;
}

/** Returns Σ x or Σ x². `isSquared` is a constant after inlining. */
@inline function sumTerms(n: i32, x: usize, isSquared: bool): f32 {
  if (ASC_FEATURE_SIMD) {
    let s = f32x4.splat(0);
    let i = 0;
    for (; i + 4 <= n; i += 4, x += 16) {
      const v = v128.load(x);
      s = f32x4.add(s, isSquared ? f32x4.mul(v, v) : v);
    }
    if (i < n) {
      const v = loadTail(x, n - i) as v128;
      s = f32x4.add(s, isSquared ? f32x4.mul(v, v) : v);
    }
    return horizontalSum(s);
  } else {
    const s0 = sumLane(n, x, isSquared), s1 = sumLane(n - 1, x + 4, isSquared);
    return (s0 + s1) + (sumLane(n - 2, x + 8, isSquared) + sumLane(n - 3, x + 12, isSquared));
  }
}

/** Returns x with all elements after the first `count` set to +0. */
@inline function maskTailWide(x: Wide, count: i32): Wide {
  if (ASC_FEATURE_SIMD) return v128.and(x, i64x2.lt_s(i64x2(0, 1), i64x2.splat(count)));
  else return x;
}

/** Returns Σ (x − shift) or Σ (x − shift)² in four lanes of float64. `isSquared` is a constant after inlining. */
@inline export function wideSumTerms(n: i32, x: usize, shift: f64, isSquared: bool): f64 {
  const s = splatWide(shift);
  let total: f64 = 0;
  for (let lane = 0; lane < 4; lane += W, x += STRIDE) {
    let a = splatWide(0), b = splatWide(0);
    for (let left = n, p = x; left > lane; left -= 4, p += 16) {
      let d = subWide(loadWide(p), s), e = ASC_FEATURE_SIMD ? subWide(loadWide(p + 8), s) : s;
      if (left < W) d = maskTailWide(d, left), e = maskTailWide(e, left - 2);
      a = addWide(a, isSquared ? mulWide(d, d) : d);
      if (ASC_FEATURE_SIMD) b = addWide(b, isSquared ? mulWide(e, e) : e);
    }
    total += horizontalSumWide(a, b);
  }
  return total;
}

function wideSumOp(n: i32, x: usize): f64 { return wideSumTerms(n, x, 0, false); }
export { wideSumOp as wideSum };
export function sum(n: i32, x: usize): f32 { return sumTerms(n, x, false); }
export function sumSquares(n: i32, x: usize): f32 { return sumTerms(n, x, true); }
export function wideSumSquares(n: i32, x: usize): f64 { return wideSumTerms(n, x, 0, true); }

/** Returns the maximum (a zero as +0), or NaN if x has one. `pmax` is faster than `f32x4.max` but may lose a NaN. */
@inline export function maxValue(n: i32, x: usize): f32 {
  let maximum: f32 = -f32.MAX_VALUE * 2;
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    let m = f32x4.splat(maximum);
    let isNaN = i32x4.splat(0);
    for (; i + 4 <= n; i += 4, x += 16) {
      const v = v128.load(x);
      m = f32x4.pmax(m, v);
      isNaN = v128.or(isNaN, f32x4.ne(v, v));
    }
    maximum = Mathf.max(
      Mathf.max(f32x4.extract_lane(m, 0), f32x4.extract_lane(m, 1)),
      Mathf.max(f32x4.extract_lane(m, 2), f32x4.extract_lane(m, 3)),
    );
    if (v128.any_true(isNaN)) maximum = f32.NaN;
  }
  for (; i < n; i++, x += 4) maximum = Mathf.max(maximum, f32.load(x));
  return maximum + 0;
}

function maxOp(n: i32, x: usize): f32 { return maxValue(n, x); }
export { maxOp as max };

/** Up to this many rows a column sum is one chain in float32; above it is added in blocks. */
const CHAIN_ROWS: i32 = 1024;

/** Computes the sums of the first `count` columns of a Lane in blocks. */
function sumBlocks(m: i32, row: usize, x: usize, out: usize, count: i32): void {
  let a = splatWide(0), b = splatWide(0);
  for (; m > 0; m -= BLOCK) {
    let s = splat(0);
    for (let i = min(m, BLOCK); i > 0; i--, x += row) s = add(s, load(x));
    a = addWide(a, low(s));
    if (ASC_FEATURE_SIMD) b = addWide(b, high(s));
  }
  storePartial(out, narrow(a, b), count);
}

export function sumAxis0(m: i32, n: i32, x: usize, out: usize): void {
  const row = (<usize>n) << F32;
  if (m > CHAIN_ROWS) {
    for (let at: usize = 0; at < row; at += STRIDE) {
      sumBlocks(m, row, x + at, out + at, min(<i32>((row - at) >> F32), W));
    }
    return;
  }
  let j = 0;
  for (; j + W <= n; j += W) {
    let s = splat(0);
    let p = x + ((<usize>j) << F32);
    for (let i = 0; i < m; i++, p += row) s = add(s, load(p));
    store(out + ((<usize>j) << F32), s);
  }
  if (j < n) {
    let s = splat(0);
    let p = x + ((<usize>j) << F32);
    for (let i = 0; i < m; i++, p += row) s = add(s, loadTail(p, n - j));
    storeTail(out + ((<usize>j) << F32), s, n - j);
  }
}

export function argmaxRows(m: i32, n: i32, x: usize, out: usize): void {
  for (let i = 0; i < m; i++, out += 4) {
    let best = 0;
    let value = f32.load(x);
    x += 4;
    for (let j = 1; j < n; j++, x += 4) {
      const v = f32.load(x);
      if (v > value || (v != v && value == value)) {
        value = v;
        best = j;
      }
    }
    i32.store(out, value == value ? best : -1);
  }
}

export function countEqual(n: i32, a: usize, b: usize): i32 {
  let count = 0;
  for (let i = 0; i < n; i++, a += 4, b += 4) count += i32(i32.load(a) == i32.load(b));
  return count;
}

/** Skips blocks of eight Lanes in which Σ x × 0 is not NaN: x × 0 is NaN only if x is NaN or infinite. */
export function firstNonFinite(n: i32, x: usize): i32 {
  let i = 0;
  const zero = splat(0);
  for (; i + 8 * W <= n; i += 8 * W, x += 8 * STRIDE) {
    const a = add(mul(load(x), zero), mul(load(x + STRIDE), zero));
    const b = add(mul(load(x + 2 * STRIDE), zero), mul(load(x + 3 * STRIDE), zero));
    const c = add(mul(load(x + 4 * STRIDE), zero), mul(load(x + 5 * STRIDE), zero));
    const d = add(mul(load(x + 6 * STRIDE), zero), mul(load(x + 7 * STRIDE), zero));
    if (anyNaN(add(add(a, b), add(c, d)))) break;
  }
  for (; i < n; i++, x += 4) {
    const v = f32.load(x) * 0;
    if (v != v) return i;
  }
  return -1;
}
