// Layer normalization in plain TypeScript. A sum over a row has four lanes of float64.
import type { Kernels } from '../ops.ts';
import type { Views } from '../runtime/memory.ts';
import { BLOCK, wideSum } from './reduce.ts';

const { fround, min, sqrt } = Math;

/** Returns the sum of n terms in four lanes of blocks. */
function sumBlocks(n: number, term: (i: number) => number): number {
  let total = 0;
  for (let lane = 0; lane < 4; lane++) {
    let chain = 0;
    for (let i = lane; i < n; i += 4 * BLOCK) {
      let block = 0;
      for (let j = i; j < min(n, i + 4 * BLOCK); j += 4) block = fround(block + term(j));
      chain += block;
    }
    total += chain;
  }
  return total;
}

export function layerNorm(views: Views) {
  return {
    layerNorm(m, n, relu, eps, x, gamma, beta, mean, residual, inverse, out) {
      const { f32 } = views;
      const [g, b] = [gamma >>> 2, beta >>> 2];
      for (let i = 0, p = x >>> 2, q = out >>> 2; i < m; i++, p += n, q += n) {
        const exact = wideSum(f32, n, p) / n;
        const average = fround(exact);
        const rest = fround(exact - average);
        const root = fround(1 / sqrt(wideSum(f32, n, p, exact, true) / n + fround(eps)));
        for (let j = 0; j < n; j++) {
          const hat = fround(fround(fround(f32[p + j] - average) - rest) * root);
          const y = fround(fround(hat * f32[g + j]) + f32[b + j]);
          f32[q + j] = relu !== 0 && y < 0 ? 0 : y;
        }
        f32[(mean >>> 2) + i] = average;
        f32[(residual >>> 2) + i] = rest;
        f32[(inverse >>> 2) + i] = root;
      }
    },
    layerNormBackward(m, n, x, mean, residual, inverse, gamma, dy, dGamma, dBeta, dx) {
      const { f32 } = views;
      const [p, q, r] = [x >>> 2, dy >>> 2, dx >>> 2];
      const hat = (i: number, j: number) => {
        const center = fround(f32[p + i * n + j] - f32[(mean >>> 2) + i]);
        return fround(fround(center - f32[(residual >>> 2) + i]) * f32[(inverse >>> 2) + i]);
      };
      for (let j = 0; j < n; j++) {
        let [b, g] = [0, 0];
        for (let i = 0; i < m; i += BLOCK) {
          let [bs, gs] = [0, 0];
          for (let k = i; k < min(m, i + BLOCK); k++) {
            bs = fround(bs + f32[q + k * n + j]);
            gs = fround(gs + fround(f32[q + k * n + j] * hat(k, j)));
          }
          b += bs;
          g += gs;
        }
        f32[(dBeta >>> 2) + j] = b;
        f32[(dGamma >>> 2) + j] = g;
      }
      for (let i = 0; i < m; i++) {
        const d = (j: number) => fround(f32[q + i * n + j] * f32[(gamma >>> 2) + j]);
        const a = fround(sumBlocks(n, d) / n);
        const c = fround(sumBlocks(n, (j) => fround(d(j) * hat(i, j))) / n);
        for (let j = 0; j < n; j++) {
          f32[r + i * n + j] = fround(f32[(inverse >>> 2) + i] * fround(fround(d(j) - a) - fround(hat(i, j) * c)));
        }
      }
    },
  } satisfies Partial<Kernels>;
}
