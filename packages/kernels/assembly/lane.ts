// A Lane is W floats: f32 in the scalar build, v128 in the others (`use` in asconfig.json). Everything above is written once.

/** Floats in a Lane. */
export const W: i32 = ASC_FEATURE_SIMD ? 4 : 1;
/** log2 of a float's bytes. */
export const F32: usize = 2;
/** Bytes in a Lane. */
export const STRIDE: usize = (<usize>W) << F32;

// @ts-ignore: decorator
@inline export function splat(x: f32): Lane {
  if (ASC_FEATURE_SIMD) return f32x4.splat(x);
  else return x;
}

// @ts-ignore: decorator
@inline export function load(p: usize): Lane {
  if (ASC_FEATURE_SIMD) return v128.load(p);
  else return f32.load(p);
}

/** One float into every place. */
// @ts-ignore: decorator
@inline export function loadSplat(p: usize): Lane {
  if (ASC_FEATURE_SIMD) return v128.load32_splat(p);
  else return f32.load(p);
}

// @ts-ignore: decorator
@inline export function store(p: usize, x: Lane): void {
  if (ASC_FEATURE_SIMD) v128.store(p, x);
  else f32.store(p, x);
}

/** The first `count` (1 to W − 1) floats at p; the others are +0. */
// @ts-ignore: decorator
@inline export function loadTail(p: usize, count: i32): Lane {
  if (ASC_FEATURE_SIMD) {
    let x: Lane;
    if (count & 2) {
      x = v128.load64_zero(p);
      if (count & 1) x = v128.load_lane<f32>(p, x, 2, 8);
    } else {
      x = v128.load32_zero(p);
    }
    return x;
  } else {
    return f32.load(p);
  }
}

/** The first `count` (1 to W − 1) floats of x to p. */
// @ts-ignore: decorator
@inline export function storeTail(p: usize, x: Lane, count: i32): void {
  if (ASC_FEATURE_SIMD) {
    if (count & 2) {
      v128.store_lane<f64>(p, x, 0);
      if (count & 1) v128.store_lane<f32>(p, x, 2, 8);
    } else {
      v128.store_lane<f32>(p, x, 0);
    }
  } else {
    f32.store(p, x);
  }
}

// @ts-ignore: decorator
@inline export function add(a: Lane, b: Lane): Lane {
  if (ASC_FEATURE_SIMD) return f32x4.add(a, b);
  else return a + b;
}

// @ts-ignore: decorator
@inline export function sub(a: Lane, b: Lane): Lane {
  if (ASC_FEATURE_SIMD) return f32x4.sub(a, b);
  else return a - b;
}

// @ts-ignore: decorator
@inline export function mul(a: Lane, b: Lane): Lane {
  if (ASC_FEATURE_SIMD) return f32x4.mul(a, b);
  else return a * b;
}

// @ts-ignore: decorator
@inline export function div(a: Lane, b: Lane): Lane {
  if (ASC_FEATURE_SIMD) return f32x4.div(a, b);
  else return a / b;
}

/** Computes a × b + c with two roundings: a fused one would give other bits. */
// @ts-ignore: decorator
@inline export function mulAdd(a: Lane, b: Lane, c: Lane): Lane {
  return add(mul(a, b), c);
}

// @ts-ignore: decorator
@inline export function sqrt(x: Lane): Lane {
  if (ASC_FEATURE_SIMD) return f32x4.sqrt(x);
  else return Mathf.sqrt(x);
}

// @ts-ignore: decorator
@inline export function abs(x: Lane): Lane {
  if (ASC_FEATURE_SIMD) return f32x4.abs(x);
  else return Mathf.abs(x);
}

// @ts-ignore: decorator
@inline export function neg(x: Lane): Lane {
  if (ASC_FEATURE_SIMD) return f32x4.neg(x);
  else return -x;
}

/** a where a ≥ b or either is NaN, else b: one instruction where `max` is several. */
// @ts-ignore: decorator
@inline export function pmax(a: Lane, b: Lane): Lane {
  if (ASC_FEATURE_SIMD) return f32x4.pmax(a, b);
  else return a < b ? b : a;
}

/** Where a < b: x, else y. */
// @ts-ignore: decorator
@inline export function selectLess(a: Lane, b: Lane, x: Lane, y: Lane): Lane {
  if (ASC_FEATURE_SIMD) return v128.bitselect(x, y, f32x4.lt(a, b));
  else return a < b ? x : y;
}

/** Where a ≤ b: x, else y. */
// @ts-ignore: decorator
@inline export function whereAtMost(a: Lane, b: Lane, x: Lane, y: Lane): Lane {
  if (ASC_FEATURE_SIMD) return v128.bitselect(x, y, f32x4.le(a, b));
  else return a <= b ? x : y;
}

/** Where a = b: x, else y. */
// @ts-ignore: decorator
@inline export function whereEqual(a: Lane, b: Lane, x: Lane, y: Lane): Lane {
  if (ASC_FEATURE_SIMD) return v128.bitselect(x, y, f32x4.eq(a, b));
  else return a == b ? x : y;
}

/** Whether any place is NaN. */
// @ts-ignore: decorator
@inline export function anyNaN(x: Lane): bool {
  if (ASC_FEATURE_SIMD) return v128.any_true(f32x4.ne(x, x));
  else return x != x;
}

/** |x| with the sign of s. */
// @ts-ignore: decorator
@inline export function copySign(x: Lane, s: Lane): Lane {
  if (ASC_FEATURE_SIMD) return v128.bitselect(s, x, i32x4.splat(i32.MIN_VALUE));
  else return copysign<f32>(x, s);
}

// Bits are W 32-bit integers: i32 or v128.

// @ts-ignore: decorator
@inline export function bits(x: Lane): Bits {
  if (ASC_FEATURE_SIMD) return x;
  else return reinterpret<i32>(x);
}

// @ts-ignore: decorator
@inline export function float(x: Bits): Lane {
  if (ASC_FEATURE_SIMD) return x;
  else return reinterpret<f32>(x);
}

/** Integers to floats, by value. */
// @ts-ignore: decorator
@inline export function convert(x: Bits): Lane {
  if (ASC_FEATURE_SIMD) return f32x4.convert_i32x4_s(x);
  else return <f32>x;
}

// @ts-ignore: decorator
@inline export function splatBits(x: i32): Bits {
  if (ASC_FEATURE_SIMD) return i32x4.splat(x);
  else return x;
}

// @ts-ignore: decorator
@inline export function addBits(a: Bits, b: Bits): Bits {
  if (ASC_FEATURE_SIMD) return i32x4.add(a, b);
  else return a + b;
}

// @ts-ignore: decorator
@inline export function subBits(a: Bits, b: Bits): Bits {
  if (ASC_FEATURE_SIMD) return i32x4.sub(a, b);
  else return a - b;
}

// @ts-ignore: decorator
@inline export function andBits(a: Bits, b: Bits): Bits {
  if (ASC_FEATURE_SIMD) return v128.and(a, b);
  else return a & b;
}

// @ts-ignore: decorator
@inline export function orBits(a: Bits, b: Bits): Bits {
  if (ASC_FEATURE_SIMD) return v128.or(a, b);
  else return a | b;
}

// @ts-ignore: decorator
@inline export function xorBits(a: Bits, b: Bits): Bits {
  if (ASC_FEATURE_SIMD) return v128.xor(a, b);
  else return a ^ b;
}

// @ts-ignore: decorator
@inline export function shiftLeft(x: Bits, by: i32): Bits {
  if (ASC_FEATURE_SIMD) return i32x4.shl(x, by);
  else return x << by;
}

/** Keeps the sign. */
// @ts-ignore: decorator
@inline export function shiftRight(x: Bits, by: i32): Bits {
  if (ASC_FEATURE_SIMD) return i32x4.shr_s(x, by);
  else return x >> by;
}

/** Fills with zeros. */
// @ts-ignore: decorator
@inline export function shiftRightZero(x: Bits, by: i32): Bits {
  if (ASC_FEATURE_SIMD) return i32x4.shr_u(x, by);
  else return <i32>(<u32>x >> by);
}

/** W floats, or the first `count` of them where count < W. A constant count of W leaves no branch. */
// @ts-ignore: decorator
@inline export function take(p: usize, count: i32): Lane {
  return count == W ? load(p) : loadTail(p, count);
}

/** W floats to p, or the first `count` of them where count < W. */
// @ts-ignore: decorator
@inline export function put(p: usize, x: Lane, count: i32): void {
  if (count == W) store(p, x);
  else storeTail(p, x, count);
}
