// exp, log, tanh, sigmoid and the inverse of the normal distribution. `Math.exp` differs between engines, so these use
// polynomials in float32, in which every operation is rounded as IEEE 754 requires.
import {
  abs, add, addBits, andBits, bits, convert, copySign, div, float, mul, neg, selectEqual, selectLess, shiftLeft,
  shiftRight, splat, splatBits, sqrt, sub, subBits,
} from './lane';

/** 1.5 · 2²³: adding it rounds x to the nearest integer (ties to even) and puts the integer into the low bits. */
const ROUND: f32 = 12582912.0;
const ROUND_BITS: i32 = 0x4b400000;

/** Returns 2ⁱ for −126 ≤ i ≤ 127: the exponent field of a float is i + 127. */
@inline function powerOfTwo(i: Bits): Lane {
  return float(shiftLeft(addBits(i, splatBits(127)), 23));
}

/**
 * Returns eˣ = 2ⁿ · eʳ with |r| ≤ ½ ln 2. The method of Cody and Waite subtracts n · ln 2 in two parts, so that r is
 * accurate. eʳ is the polynomial of the Cephes library. 2ⁿ is two factors, because subnormal results need n < −126.
 */
@inline export function exp(x: Lane): Lane {
  const t = add(mul(x, splat(1.44269504088896341)), splat(ROUND));
  const n = sub(t, splat(ROUND));
  const i = subBits(bits(t), splatBits(ROUND_BITS));
  const r = sub(sub(x, mul(n, splat(0.693359375))), mul(n, splat(-2.12194440e-4)));
  let p = splat(1.9875691500e-4);
  p = add(mul(p, r), splat(1.3981999507e-3));
  p = add(mul(p, r), splat(8.3334519073e-3));
  p = add(mul(p, r), splat(4.1665795894e-2));
  p = add(mul(p, r), splat(1.6666665459e-1));
  p = add(mul(p, r), splat(5.0000001201e-1));
  const y = add(add(mul(p, mul(r, r)), r), splat(1.0));
  const half = shiftRight(i, 1);
  const scaled = mul(mul(y, powerOfTwo(half)), powerOfTwo(subBits(i, half)));
  const low = selectLess(x, splat(-103.97208404541016), splat(0.0), scaled);
  return selectLess(splat(88.72283935546875), x, splat(f32.reinterpret_i32(0x7f800000)), low);
}

/** Returns ln x = k ln 2 + ln(1 + f) with 1 + f in [√½, √2): the algorithm of logf in musl. */
@inline export function log(x: Lane): Lane {
  const tiny = splat(1.17549435e-38);
  const normal = selectLess(x, tiny, mul(x, splat(33554432.0)), x);
  const offset = selectLess(x, tiny, splat(25.0), splat(0.0));
  const i = addBits(bits(normal), splatBits(0x3f800000 - 0x3f3504f3));
  const k = sub(convert(subBits(shiftRight(i, 23), splatBits(127))), offset);
  const f = sub(float(addBits(andBits(i, splatBits(0x007fffff)), splatBits(0x3f3504f3))), splat(1.0));
  const s = div(f, add(splat(2.0), f));
  const z = mul(s, s);
  const w = mul(z, z);
  const t1 = mul(w, add(splat(0.40000972152), mul(w, splat(0.24279078841))));
  const t2 = mul(z, add(splat(0.66666662693), mul(w, splat(0.28498786688))));
  const half = mul(mul(splat(0.5), f), f);
  let y = add(mul(s, add(half, add(t2, t1))), mul(k, splat(9.0580006145e-6)));
  y = add(add(sub(y, half), f), mul(k, splat(0.69313812256)));
  const infinity = splat(f32.reinterpret_i32(0x7f800000));
  y = selectLess(x, infinity, y, x); // returns +∞ and NaN unchanged
  y = selectLess(x, splat(0.0), splat(f32.NaN), y);
  return selectEqual(x, splat(0.0), neg(infinity), y);
}

/** Returns tanh x, computed from |x|: the polynomial of Cephes below 0.625, 1 − 2 ÷ (e²ˣ + 1) above. */
@inline export function tanh(x: Lane): Lane {
  const a = abs(x);
  const z = mul(a, a);
  let p = splat(-5.70498872745e-3);
  p = add(mul(p, z), splat(2.06390887954e-2));
  p = add(mul(p, z), splat(-5.37397155531e-2));
  p = add(mul(p, z), splat(1.33314422036e-1));
  p = add(mul(p, z), splat(-3.33332819422e-1));
  const small = add(mul(mul(p, z), a), a);
  const large = sub(splat(1.0), div(splat(2.0), add(exp(add(a, a)), splat(1.0))));
  return copySign(selectLess(a, splat(0.625), small, large), x);
}

/** Returns 1 ÷ (1 + e⁻ˣ), computed from e^−|x|, which does not overflow. */
@inline export function sigmoid(x: Lane): Lane {
  const e = exp(neg(abs(x)));
  return div(selectLess(x, splat(0.0), e, splat(1.0)), add(splat(1.0), e));
}

/** Returns √2 · erf⁻¹(x) for −1 < x < 1: the (1 + x) ÷ 2 quantile of the normal distribution (Giles 2010). */
@inline export function normalDeviate(x: Lane): Lane {
  const w = neg(log(mul(sub(splat(1.0), x), add(splat(1.0), x))));
  const c = sub(w, splat(2.5));
  let p = splat(2.81022636e-8);
  p = add(mul(p, c), splat(3.43273939e-7));
  p = add(mul(p, c), splat(-3.5233877e-6));
  p = add(mul(p, c), splat(-4.39150654e-6));
  p = add(mul(p, c), splat(2.1858087e-4));
  p = add(mul(p, c), splat(-1.25372503e-3));
  p = add(mul(p, c), splat(-4.17768164e-3));
  p = add(mul(p, c), splat(0.246640727));
  p = add(mul(p, c), splat(1.50140941));
  const t = sub(sqrt(w), splat(3.0));
  let q = splat(-2.00214257e-4);
  q = add(mul(q, t), splat(1.00950558e-4));
  q = add(mul(q, t), splat(1.34934322e-3));
  q = add(mul(q, t), splat(-3.67342844e-3));
  q = add(mul(q, t), splat(5.73950773e-3));
  q = add(mul(q, t), splat(-7.6224613e-3));
  q = add(mul(q, t), splat(9.43887047e-3));
  q = add(mul(q, t), splat(1.00167406));
  q = add(mul(q, t), splat(2.83297682));
  return mul(mul(selectLess(w, splat(5.0), p, q), x), splat(1.41421356237));
}
