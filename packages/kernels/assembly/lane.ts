// Operations on a Lane: one float (f32) in the scalar build, four floats (v128) in the SIMD build.
// asconfig.json sets the types Lane, Bits and Wide per target, so one source compiles to both builds. ASC_FEATURE_SIMD
// is a compile-time constant: only one branch of each condition on it is compiled.

/** Number of floats in a Lane. */
export const W: i32 = ASC_FEATURE_SIMD ? 4 : 1;
/** log2 of the bytes of a float: `n << F32` is the size of n floats. */
export const F32: usize = 2;
/** Bytes in a Lane. */
export const STRIDE: usize = (<usize>W) << F32;

@inline export function splat(x: f32): Lane { return ASC_FEATURE_SIMD ? f32x4.splat(x) : x; }

@inline export function load(p: usize): Lane { return ASC_FEATURE_SIMD ? v128.load(p) : f32.load(p); }

/** Loads one float into every element. */
@inline export function loadSplat(p: usize): Lane { return ASC_FEATURE_SIMD ? v128.load32_splat(p) : f32.load(p); }

@inline export function store(p: usize, x: Lane): void {
  if (ASC_FEATURE_SIMD) v128.store(p, x);
  else f32.store(p, x);
}

/** Loads the first `count` (1 to W − 1) floats; the other elements are +0. */
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

/** Stores the first `count` (1 to W − 1) floats of x. */
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

/** Loads the first `count` (1 to W) floats; the other elements are +0. A constant `count` of W leaves no branch. */
@inline export function loadPartial(p: usize, count: i32): Lane { return count == W ? load(p) : loadTail(p, count); }

/** Stores the first `count` (1 to W) floats of x. */
@inline export function storePartial(p: usize, x: Lane, count: i32): void {
  if (count == W) store(p, x);
  else storeTail(p, x, count);
}

@inline export function add(a: Lane, b: Lane): Lane { return ASC_FEATURE_SIMD ? f32x4.add(a, b) : a + b; }
@inline export function sub(a: Lane, b: Lane): Lane { return ASC_FEATURE_SIMD ? f32x4.sub(a, b) : a - b; }
@inline export function mul(a: Lane, b: Lane): Lane { return ASC_FEATURE_SIMD ? f32x4.mul(a, b) : a * b; }
@inline export function div(a: Lane, b: Lane): Lane { return ASC_FEATURE_SIMD ? f32x4.div(a, b) : a / b; }

/** Returns a × b + c, rounded twice. A fused multiply-add rounds once and gives other bits. */
@inline export function mulAdd(a: Lane, b: Lane, c: Lane): Lane { return add(mul(a, b), c); }

@inline export function sqrt(x: Lane): Lane { return ASC_FEATURE_SIMD ? f32x4.sqrt(x) : Mathf.sqrt(x); }
@inline export function abs(x: Lane): Lane { return ASC_FEATURE_SIMD ? f32x4.abs(x) : Mathf.abs(x); }
@inline export function neg(x: Lane): Lane { return ASC_FEATURE_SIMD ? f32x4.neg(x) : -x; }

/** Returns b where a < b, else a, also if one of them is NaN. One instruction; `f32x4.max` is several on x86. */
@inline export function pmax(a: Lane, b: Lane): Lane { return ASC_FEATURE_SIMD ? f32x4.pmax(a, b) : a < b ? b : a; }

/** Returns x where a < b, else y. */
@inline export function selectLess(a: Lane, b: Lane, x: Lane, y: Lane): Lane {
  return ASC_FEATURE_SIMD ? v128.bitselect(x, y, f32x4.lt(a, b)) : a < b ? x : y;
}

/** Returns x where a ≤ b, else y. */
@inline export function selectLessEqual(a: Lane, b: Lane, x: Lane, y: Lane): Lane {
  return ASC_FEATURE_SIMD ? v128.bitselect(x, y, f32x4.le(a, b)) : a <= b ? x : y;
}

/** Returns x where a = b, else y. */
@inline export function selectEqual(a: Lane, b: Lane, x: Lane, y: Lane): Lane {
  return ASC_FEATURE_SIMD ? v128.bitselect(x, y, f32x4.eq(a, b)) : a == b ? x : y;
}

/** Returns whether any element is NaN: only NaN differs from itself. */
@inline export function anyNaN(x: Lane): bool { return ASC_FEATURE_SIMD ? v128.any_true(f32x4.ne(x, x)) : x != x; }

/** Returns |x| with the sign of s. */
@inline export function copySign(x: Lane, s: Lane): Lane {
  return ASC_FEATURE_SIMD ? v128.bitselect(s, x, i32x4.splat(i32.MIN_VALUE)) : copysign<f32>(x, s);
}

/** Returns the lower bound of outputs: 0 with ReLU, else −∞. `pmax` with it applies ReLU without a branch. */
@inline export function minimumOutput(relu: i32): Lane { return splat(relu ? 0 : -f32.MAX_VALUE * 2); }

/** Returns the first element. */
@inline export function firstElement(x: Lane): f32 { return ASC_FEATURE_SIMD ? f32x4.extract_lane(x, 0) : x; }

// Bits are W 32-bit integers: i32 or v128. `bits` and `float` reinterpret, `convert` converts the value.

@inline export function bits(x: Lane): Bits { return ASC_FEATURE_SIMD ? x : reinterpret<i32>(x); }
@inline export function float(x: Bits): Lane { return ASC_FEATURE_SIMD ? x : reinterpret<f32>(x); }
@inline export function convert(x: Bits): Lane { return ASC_FEATURE_SIMD ? f32x4.convert_i32x4_s(x) : <f32>x; }
@inline export function splatBits(x: i32): Bits { return ASC_FEATURE_SIMD ? i32x4.splat(x) : x; }
@inline export function addBits(a: Bits, b: Bits): Bits { return ASC_FEATURE_SIMD ? i32x4.add(a, b) : a + b; }
@inline export function subBits(a: Bits, b: Bits): Bits { return ASC_FEATURE_SIMD ? i32x4.sub(a, b) : a - b; }
@inline export function andBits(a: Bits, b: Bits): Bits { return ASC_FEATURE_SIMD ? v128.and(a, b) : a & b; }
@inline export function orBits(a: Bits, b: Bits): Bits { return ASC_FEATURE_SIMD ? v128.or(a, b) : a | b; }
@inline export function xorBits(a: Bits, b: Bits): Bits { return ASC_FEATURE_SIMD ? v128.xor(a, b) : a ^ b; }
@inline export function shiftLeft(x: Bits, by: i32): Bits { return ASC_FEATURE_SIMD ? i32x4.shl(x, by) : x << by; }

/** Arithmetic shift: copies the sign bit. */
@inline export function shiftRight(x: Bits, by: i32): Bits { return ASC_FEATURE_SIMD ? i32x4.shr_s(x, by) : x >> by; }

/** Logical shift: fills with zeros. */
@inline export function shiftRightZero(x: Bits, by: i32): Bits {
  return ASC_FEATURE_SIMD ? i32x4.shr_u(x, by) : <i32>(<u32>x >> by);
}
