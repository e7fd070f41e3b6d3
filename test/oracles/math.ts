// The error function in float64.
const { abs, exp, PI, sign, sqrt } = Math;

/** Computes erf(x) = 2 ÷ √π · e^(−x²) · Σ 2ᵏ x^(2k+1) ÷ (2k+1)!!. All terms have the same sign, so nothing cancels. */
export function erf(x: number): number {
  if (abs(x) > 6) return sign(x);
  let term = x;
  let total = 0;
  for (let k = 1; abs(term) > 1e-18 * abs(total); k++) {
    total += term;
    term *= (2 * x * x) / (2 * k + 1);
  }
  return (2 / sqrt(PI)) * exp(-x * x) * total;
}

/** Computes 1 − erf(x), from x = 2 on by Laplace's continued fraction, which is accurate for small results. */
export function erfc(x: number): number {
  if (x < 2) return 1 - erf(x);
  let fraction = 0;
  for (let k = 60; k > 0; k--) fraction = k / 2 / (x + fraction);
  return exp(-x * x) / sqrt(PI) / (x + fraction);
}

/** Computes the normal distribution function Φ. */
export function normal(x: number): number {
  return erfc(-x * Math.SQRT1_2) / 2;
}

/** Computes x · Φ(x), or its approximation x · σ(2 √(2 ÷ π) (x + 0.044715 x³)); 0 at −∞. */
export function gelu(x: number, tanh: boolean): number {
  return x === Number.NEGATIVE_INFINITY ? 0 : x * (tanh ? 1 / (1 + exp(-argument(x))) : normal(x));
}

/** Computes the derivative of `gelu`. */
export function geluSlope(x: number, tanh: boolean): number {
  if (abs(x) > 1e3) return x > 0 ? 1 : 0;
  if (!tanh) return normal(x) + (x * exp((-x * x) / 2)) / sqrt(2 * PI);
  const e = exp(-argument(x));
  return e === Infinity ? 0 : (1 + (x * e * 2 * sqrt(2 / PI) * (1 + 0.134145 * x * x)) / (1 + e)) / (1 + e);
}

const argument = (x: number) => 2 * sqrt(2 / PI) * (x + 0.044715 * x ** 3);

/** Computes the inverse of erf by bisection. */
export function inverseErf(y: number): number {
  let [low, high] = [-6, 6];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (erf(middle) < y) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
