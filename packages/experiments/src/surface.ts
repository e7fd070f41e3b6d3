// Surfaces to roll down, with their gradients in float32: Math.fround after every operation, so that bits agree everywhere.

const { fround } = Math;

export interface Surface {
  /** f(x, y), rounded to float32 after each operation. */
  value(x: number, y: number): number;
  /** (∂f/∂x, ∂f/∂y) into `out`, rounded likewise. */
  gradient(x: number, y: number, out: Float32Array): void;
  /** Where it is lowest. */
  readonly minimum: readonly [x: number, y: number];
}

/** The book's anisotropic bowl, f(x, y) = x²/20 + y² (section 6.1.3): twenty times as curved across as along. */
const bowl: Surface = {
  value: (x, y) => fround(fround(fround(x * x) / 20) + fround(y * y)),
  gradient: (x, y, out) => {
    out[0] = fround(x / 10);
    out[1] = fround(2 * y);
  },
  minimum: [0, 0],
};

export const surfaces = { bowl } as const satisfies Record<string, Surface>;

export type SurfaceName = keyof typeof surfaces;
