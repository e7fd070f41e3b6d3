// A Wide is the low or the high half of a Lane in float64: a v128 of two, or an f64 and no high half.
import { load } from './lane';

/** Terms of a chain in float32 that go into a sum in float64 together. */
export const BLOCK: i32 = 4;

/** The low half of a Lane. */
// @ts-ignore: decorator
@inline export function low(x: Lane): Wide { return ASC_FEATURE_SIMD ? f64x2.promote_low_f32x4(x) : <f64>x; }

/** The high half of a Lane of four. */
// @ts-ignore: decorator
@inline export function high(x: Lane): Wide {
  return ASC_FEATURE_SIMD ? f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1)) : 0;
}

/** The low half of the Lane at p; its high half is at p + 8. One instruction, where `low` of a load is two. */
// @ts-ignore: decorator
@inline export function loadWide(p: usize): Wide {
  return ASC_FEATURE_SIMD ? f64x2.promote_low_f32x4(v128.load64_zero(p)) : low(load(p));
}

/** The Lane of two halves, each number rounded once. */
// @ts-ignore: decorator
@inline export function narrow(low: Wide, high: Wide): Lane {
  if (ASC_FEATURE_SIMD) return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
  else return <f32>low;
}

// @ts-ignore: decorator
@inline export function splatWide(x: f64): Wide { return ASC_FEATURE_SIMD ? f64x2.splat(x) : x; }

/** One float64 into every place. */
// @ts-ignore: decorator
@inline export function loadSplatWide(p: usize): Wide { return ASC_FEATURE_SIMD ? v128.load64_splat(p) : f64.load(p); }

// @ts-ignore: decorator
@inline export function addWide(a: Wide, b: Wide): Wide { return ASC_FEATURE_SIMD ? f64x2.add(a, b) : a + b; }

// @ts-ignore: decorator
@inline export function subWide(a: Wide, b: Wide): Wide { return ASC_FEATURE_SIMD ? f64x2.sub(a, b) : a - b; }

// @ts-ignore: decorator
@inline export function mulWide(a: Wide, b: Wide): Wide { return ASC_FEATURE_SIMD ? f64x2.mul(a, b) : a * b; }

// @ts-ignore: decorator
@inline export function divWide(a: Wide, b: Wide): Wide { return ASC_FEATURE_SIMD ? f64x2.div(a, b) : a / b; }

// @ts-ignore: decorator
@inline export function sqrtWide(x: Wide): Wide { return ASC_FEATURE_SIMD ? f64x2.sqrt(x) : sqrt<f64>(x); }

// @ts-ignore: decorator
@inline export function absWide(x: Wide): Wide { return ASC_FEATURE_SIMD ? f64x2.abs(x) : abs<f64>(x); }

/** Where s < 0: x, else y. */
// @ts-ignore: decorator
@inline export function whereNegative(s: Wide, x: Wide, y: Wide): Wide {
  return ASC_FEATURE_SIMD ? v128.bitselect(x, y, f64x2.lt(s, f64x2.splat(0))) : s < 0 ? x : y;
}

/** 2ⁿ from n + 1.5 · 2⁵², for −1022 ≤ n ≤ 1023. */
// @ts-ignore: decorator
@inline export function powerOfTwoWide(x: Wide): Wide {
  if (ASC_FEATURE_SIMD) return i64x2.add(i64x2.shl(x, 52), i64x2.splat(0x3ff0000000000000));
  else return reinterpret<f64>((reinterpret<i64>(x) << 52) + 0x3ff0000000000000);
}

/** ((l0 + l1) + l2) + l3 of two halves; of an f64 itself. */
// @ts-ignore: decorator
@inline export function foldWide(low: Wide, high: Wide): f64 {
  if (ASC_FEATURE_SIMD) {
    const start = f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1);
    return start + f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1);
  } else {
    return low;
  }
}
