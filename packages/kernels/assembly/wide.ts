// A Wide is half a Lane in float64: a v128 of two numbers. In the scalar build it is an f64 and there is no high half.
import { load } from './lane';

/** Terms that are added in float32 before they are added to a sum in float64. */
export const BLOCK: i32 = 4;

/** Returns the low half of a Lane. */
@inline export function low(x: Lane): Wide { return ASC_FEATURE_SIMD ? f64x2.promote_low_f32x4(x) : <f64>x; }

/** Returns the high half of a Lane. */
@inline export function high(x: Lane): Wide {
  return ASC_FEATURE_SIMD ? f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1)) : 0;
}

/** Loads the low half of the Lane at p, or its high half from p + 8. `low(load(p))` would load all four floats. */
@inline export function loadWide(p: usize): Wide {
  return ASC_FEATURE_SIMD ? f64x2.promote_low_f32x4(v128.load64_zero(p)) : low(load(p));
}

/** Returns the Lane of two halves, each number rounded to float32. */
@inline export function narrow(low: Wide, high: Wide): Lane {
  if (ASC_FEATURE_SIMD) return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
  else return <f32>low;
}

@inline export function splatWide(x: f64): Wide { return ASC_FEATURE_SIMD ? f64x2.splat(x) : x; }

/** Loads one float64 into every element. */
@inline export function loadSplatWide(p: usize): Wide { return ASC_FEATURE_SIMD ? v128.load64_splat(p) : f64.load(p); }

@inline export function addWide(a: Wide, b: Wide): Wide { return ASC_FEATURE_SIMD ? f64x2.add(a, b) : a + b; }
@inline export function subWide(a: Wide, b: Wide): Wide { return ASC_FEATURE_SIMD ? f64x2.sub(a, b) : a - b; }
@inline export function mulWide(a: Wide, b: Wide): Wide { return ASC_FEATURE_SIMD ? f64x2.mul(a, b) : a * b; }
@inline export function divWide(a: Wide, b: Wide): Wide { return ASC_FEATURE_SIMD ? f64x2.div(a, b) : a / b; }
@inline export function sqrtWide(x: Wide): Wide { return ASC_FEATURE_SIMD ? f64x2.sqrt(x) : sqrt<f64>(x); }
@inline export function absWide(x: Wide): Wide { return ASC_FEATURE_SIMD ? f64x2.abs(x) : abs<f64>(x); }

/** Returns x where s < 0, else y. */
@inline export function selectNegative(s: Wide, x: Wide, y: Wide): Wide {
  return ASC_FEATURE_SIMD ? v128.bitselect(x, y, f64x2.lt(s, f64x2.splat(0))) : s < 0 ? x : y;
}

/** Returns 2ⁿ for x = n + 1.5 · 2⁵² and −1022 ≤ n ≤ 1023: n is in the low bits of x, the exponent field is n + 1023. */
@inline export function powerOfTwoWide(x: Wide): Wide {
  if (ASC_FEATURE_SIMD) return i64x2.add(i64x2.shl(x, 52), i64x2.splat(0x3ff0000000000000));
  else return reinterpret<f64>((reinterpret<i64>(x) << 52) + 0x3ff0000000000000);
}

/** Returns ((l0 + l1) + l2) + l3 of two halves. In the scalar build there is only one element, `low`. */
@inline export function horizontalSumWide(low: Wide, high: Wide): f64 {
  if (ASC_FEATURE_SIMD) {
    const start = f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1);
    return start + f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1);
  } else {
    return low;
  }
}
