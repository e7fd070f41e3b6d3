// Functions of two variables with their gradients in float32: `Math.fround` after every operation, so that all engines
// agree.

const { fround } = Math;

export interface Surface {
  /** Computes f(x, y), rounded to float32 after each operation. */
  value(x: number, y: number): number;
  /** Writes (∂f/∂x, ∂f/∂y) to `out`, rounded in the same way. */
  gradient(x: number, y: number, out: Float32Array): void;
  /** A global minimum. */
  readonly minimum: readonly [x: number, y: number];
  /** The formula as text. */
  readonly formula: string;
}

/** The book's anisotropic bowl, f(x, y) = x²/20 + y² (section 6.1.3): its curvature in y is 20 times that in x. */
const bowl: Surface = {
  value: (x, y) => fround(fround(fround(x * x) / 20) + fround(y * y)),
  gradient: (x, y, out) => {
    out[0] = fround(x / 10);
    out[1] = fround(2 * y);
  },
  minimum: [0, 0],
  formula: 'x²/20 + y²',
};

/** Rosenbrock's curved valley (1960), (1 − x)² + 100 (y − x²)²: the valley is easy to reach, but its minimum is not. */
const rosenbrock: Surface = {
  value: (x, y) => {
    const [a, b] = [fround(1 - x), fround(y - fround(x * x))];
    return fround(fround(a * a) + fround(100 * fround(b * b)));
  },
  gradient: (x, y, out) => {
    const [a, b] = [fround(1 - x), fround(y - fround(x * x))];
    out[0] = fround(fround(-2 * a) - fround(fround(400 * x) * b));
    out[1] = fround(200 * b);
  },
  minimum: [1, 1],
  formula: '(1 − x)² + 100 (y − x²)²',
};

/** The constants of Beale's function, one per power of y. */
const BEALE = [1.5, 2.25, 2.625] as const;

/** Beale's function (1955), the sum over k = 1, 2, 3 of (cₖ − x + x yᵏ)²: a flat region between steep walls. */
const beale: Surface = {
  value: (x, y) => {
    let [sum, power] = [0, 1];
    for (const c of BEALE) {
      power = fround(power * y);
      const term = fround(fround(c - x) + fround(x * power));
      sum = fround(sum + fround(term * term));
    }
    return sum;
  },
  gradient: (x, y, out) => {
    let [dx, dy, power, below] = [0, 0, 1, 0];
    for (const [i, c] of BEALE.entries()) {
      // yᵏ, and k yᵏ⁻¹, its derivative.
      below = fround((i + 1) * power);
      power = fround(power * y);
      const twice = fround(2 * fround(fround(c - x) + fround(x * power)));
      dx = fround(dx + fround(twice * fround(power - 1)));
      dy = fround(dy + fround(twice * fround(x * below)));
    }
    out[0] = dx;
    out[1] = dy;
  },
  minimum: [3, 0.5],
  formula: '(1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²',
};

/**
 * A saddle, x² − y² + y⁴/4: flat at the saddle point between two minima, so that a path along the ridge is slow to
 * leave it.
 */
const saddle: Surface = {
  value: (x, y) => {
    const yy = fround(y * y);
    return fround(fround(fround(x * x) - yy) + fround(fround(yy * yy) / 4));
  },
  gradient: (x, y, out) => {
    out[0] = fround(2 * x);
    out[1] = fround(fround(y * fround(y * y)) - fround(2 * y));
  },
  minimum: [0, fround(Math.SQRT2)],
  formula: 'x² − y² + y⁴/4',
};

/** A plateau with a hole, r²/(1 + r²) with r² = x² + y²: far from the hole the gradient is close to zero. */
const plateau: Surface = {
  value: (x, y) => {
    const rr = fround(fround(x * x) + fround(y * y));
    return fround(rr / fround(1 + rr));
  },
  gradient: (x, y, out) => {
    const near = fround(1 + fround(fround(x * x) + fround(y * y)));
    const slope = fround(2 / fround(near * near));
    out[0] = fround(slope * x);
    out[1] = fround(slope * y);
  },
  minimum: [0, 0],
  formula: '(x² + y²) / (1 + x² + y²)',
};

export const surfaces = { bowl, rosenbrock, beale, saddle, plateau } as const satisfies Record<string, Surface>;

export type SurfaceName = keyof typeof surfaces;
