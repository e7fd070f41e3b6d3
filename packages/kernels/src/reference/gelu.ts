// GELU in plain TypeScript.
import type { Kernels } from '../kernels.ts';
import type { Views } from '../memory.ts';
import { exp, tanh } from './functions.ts';

const { abs, fround } = Math;

type Gelu = Pick<Kernels, 'gelu' | 'geluBackward'>;

const SMALL = [-5.96761703e-4, 4.99119423e-3, -2.67681349e-2, 1.12819925e-1, -3.76125336e-1, 1.28379166e-1].map(fround);
const [Q0, Q1, U0, U1] = [-1.7285347e-5, 3.83197126e-4, -3.88396438e-3, 2.42546219e-2].map(fround) as [
  number,
  number,
  number,
  number,
];
const LARGE = [-1.06777877e-1, -6.34846687e-1, -1.28717512e-1].map(fround);
const [ROOT_HALF, ROOT_2_PI, CUBIC, CUBIC_3, DENSITY] = [
  Math.SQRT1_2,
  0.7978845608028654,
  0.044715,
  0.134145,
  0.3989422804014327,
].map(fround) as [number, number, number, number, number];

/** erf x. */
function erf(x: number): number {
  const t = abs(x);
  const s = fround(x * x);
  if (!(t > 0.927734375)) {
    let p = SMALL[0] as number;
    for (let i = 1; i < 6; i++) p = fround(fround(p * s) + (SMALL[i] as number));
    return fround(fround(p * x) + x);
  }
  let q = fround(fround(Q0 * t) + Q1);
  q = fround(fround(q * s) + fround(fround(U0 * t) + U1));
  for (let i = 0; i < 3; i++) q = fround(fround(q * t) + (LARGE[i] as number));
  const y = fround(1 - exp(fround(fround(q * t) - t)));
  return x < 0 ? -y : y;
}

function phi(x: number): number {
  return fround(0.5 * fround(1 + erf(fround(x * ROOT_HALF))));
}

function bend(x: number): number {
  return tanh(fround(ROOT_2_PI * fround(x + fround(CUBIC * fround(fround(x * x) * x)))));
}

function exactSlope(x: number): number {
  const density = fround(exp(fround(-0.5 * fround(x * x))) * DENSITY);
  return fround(phi(x) + fround(x * density));
}

function approximateSlope(x: number): number {
  const t = bend(x);
  const inner = fround(ROOT_2_PI * fround(1 + fround(CUBIC_3 * fround(x * x))));
  const bent = fround(fround(fround(0.5 * x) * fround(1 - fround(t * t))) * inner);
  return fround(fround(0.5 * fround(1 + t)) + bent);
}

export function gelu(views: Views): Gelu {
  return {
    gelu(n, approximate, x, out) {
      const { f32 } = views;
      for (let i = 0, p = x >>> 2, q = out >>> 2; i < n; i++) {
        const v = f32[p + i];
        f32[q + i] = fround(v * (approximate !== 0 ? fround(0.5 * fround(1 + bend(v))) : phi(v)));
      }
    },
    geluBackward(n, approximate, x, dy, dx) {
      const { f32 } = views;
      for (let i = 0, p = x >>> 2, q = dy >>> 2, r = dx >>> 2; i < n; i++) {
        const slope = approximate !== 0 ? approximateSlope(f32[p + i]) : exactSlope(f32[p + i]);
        f32[r + i] = fround(f32[q + i] * slope);
      }
    },
  };
}
