// exp, log, tanh, sigmoid and the inverse of the normal distribution in float32: assembly/functions.ts with
// `Math.fround` after every operation.
const { abs, fround, sqrt } = Math;

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** 1.5 · 2²³: adding it rounds x to the nearest integer (ties to even) and puts the integer into the low bits. */
const ROUND = 12582912;
const ROUND_BITS = 0x4b400000;
const LOG2_E = fround(Math.LOG2E);
const LN2_HIGH = fround(0.693359375);
const LN2_LOW = fround(-2.1219444e-4);
const [E0, E1, E2, E3, E4, E5] = [
  1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
].map(fround) as [number, number, number, number, number, number];

function powerOfTwo(i: number): number {
  bits[0] = (i + 127) << 23;
  return float[0] as number;
}

/** Returns eˣ with an error of at most 1 ulp. */
export function exp(x: number): number {
  if (x < -103.97208404541016) return 0;
  if (x > 88.72283935546875) return Number.POSITIVE_INFINITY;
  if (Number.isNaN(x)) return x;
  const t = fround(fround(x * LOG2_E) + ROUND);
  const n = fround(t - ROUND);
  float[0] = t;
  const i = (bits[0] as number) - ROUND_BITS;
  const r = fround(fround(x - fround(n * LN2_HIGH)) - fround(n * LN2_LOW));
  let p = fround(fround(E0 * r) + E1);
  p = fround(fround(p * r) + E2);
  p = fround(fround(p * r) + E3);
  p = fround(fround(p * r) + E4);
  p = fround(fround(p * r) + E5);
  const y = fround(fround(fround(p * fround(r * r)) + r) + 1);
  const half = i >> 1;
  return fround(fround(y * powerOfTwo(half)) * powerOfTwo(i - half));
}

const L1 = fround(0.66666662693);
const L2 = fround(0.40000972152);
const L3 = fround(0.28498786688);
const L4 = fround(0.24279078841);
const LN2_HI = fround(0.69313812256);
const LN2_LO = fround(9.0580006145e-6);
const MIN_NORMAL = fround(1.17549435e-38);

/** Returns ln x. */
export function log(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x < 0) return Number.NaN;
  if (!(x < Number.POSITIVE_INFINITY)) return x;
  const isSubnormal = x < MIN_NORMAL;
  float[0] = isSubnormal ? fround(x * 33554432) : x;
  const i = ((bits[0] as number) + (0x3f800000 - 0x3f3504f3)) | 0;
  const k = (i >> 23) - 127 - (isSubnormal ? 25 : 0);
  bits[0] = (i & 0x007fffff) + 0x3f3504f3;
  const f = fround((float[0] as number) - 1);
  const s = fround(f / fround(2 + f));
  const z = fround(s * s);
  const w = fround(z * z);
  const t1 = fround(w * fround(L2 + fround(w * L4)));
  const t2 = fround(z * fround(L1 + fround(w * L3)));
  const half = fround(fround(0.5 * f) * f);
  const y = fround(fround(s * fround(half + fround(t2 + t1))) + fround(k * LN2_LO));
  return fround(fround(fround(y - half) + f) + fround(k * LN2_HI));
}

const [T0, T1, T2, T3, T4] = [
  -5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1,
].map(fround) as [number, number, number, number, number];

/** Returns tanh x. */
export function tanh(x: number): number {
  const a = abs(x);
  let y: number;
  if (a < 0.625) {
    const z = fround(a * a);
    let p = fround(fround(T0 * z) + T1);
    p = fround(fround(p * z) + T2);
    p = fround(fround(p * z) + T3);
    p = fround(fround(p * z) + T4);
    y = fround(fround(fround(p * z) * a) + a);
  } else {
    y = fround(1 - fround(2 / fround(exp(fround(a + a)) + 1)));
  }
  return x < 0 || Object.is(x, -0) ? -y : y;
}

/** Returns 1 ÷ (1 + e⁻ˣ). */
export function sigmoid(x: number): number {
  const e = exp(-abs(x));
  return fround((x < 0 ? e : 1) / fround(1 + e));
}

const CENTER = [
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 2.1858087e-4, -1.25372503e-3, -4.17768164e-3,
  0.246640727, 1.50140941,
].map(fround);
const TAIL = [
  -2.00214257e-4, 1.00950558e-4, 1.34934322e-3, -3.67342844e-3, 5.73950773e-3, -7.6224613e-3, 9.43887047e-3, 1.00167406,
  2.83297682,
].map(fround);
const SQRT2 = fround(Math.SQRT2);

/** Returns √2 · erf⁻¹(x) for −1 < x < 1. */
export function normalDeviate(x: number): number {
  const w = -log(fround(fround(1 - x) * fround(1 + x)));
  const isCentral = w < 5;
  const c = isCentral ? CENTER : TAIL;
  const t = isCentral ? fround(w - 2.5) : fround(fround(sqrt(w)) - 3);
  let p = c[0] as number;
  for (let i = 1; i < 9; i++) p = fround(fround(p * t) + (c[i] as number));
  return fround(fround(p * x) * SQRT2);
}
