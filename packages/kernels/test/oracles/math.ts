// The error function in float64, from its series.
const { abs, exp, PI, sign, sqrt } = Math;

/** 2 ÷ √π · e^(−x²) · Σ 2ᵏ x^(2k+1) ÷ (2k+1)!!: every term has the sign of x, so nothing cancels. */
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

/** By bisection. */
export function inverseErf(y: number): number {
  let [low, high] = [-6, 6];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (erf(middle) < y) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
