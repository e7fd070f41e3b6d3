// Normalisation along the rows in plain TypeScript; a sum over a row keeps four lanes.
import type { Kernels } from '../kernels.ts';
import { sum } from './reduce.ts';
import type { Views } from './views.ts';

const { fround, sqrt } = Math;

type LayerNorm = Pick<Kernels, 'layerNorm' | 'layerNormBackward'>;

/** (l0 + l1) + (l2 + l3). */
function fold([l0, l1, l2, l3]: Float32Array): number {
  return fround(fround((l0 as number) + (l1 as number)) + fround((l2 as number) + (l3 as number)));
}

export function layerNorm(views: Views, { sumSquares }: Pick<Kernels, 'sumSquares'>): LayerNorm {
  const lanes = new Float32Array(4);
  const weighted = new Float32Array(4);
  return {
    layerNorm(m, n, relu, eps, x, gamma, beta, mean, inverse, out) {
      const { f32 } = views;
      const e = fround(eps);
      const [g, b] = [gamma >>> 2, beta >>> 2];
      for (let i = 0, p = x >>> 2, q = out >>> 2; i < m; i++, p += n, q += n) {
        const average = fround(sum(f32, n, p) / n);
        for (let j = 0; j < n; j++) f32[q + j] = fround(f32[p + j] - average);
        const r = fround(1 / fround(sqrt(fround(fround(sumSquares(n, q << 2) / n) + e))));
        for (let j = 0; j < n; j++) {
          const y = fround(fround(fround(f32[q + j] * r) * f32[g + j]) + f32[b + j]);
          f32[q + j] = relu !== 0 && y < 0 ? 0 : y;
        }
        f32[(mean >>> 2) + i] = average;
        f32[(inverse >>> 2) + i] = r;
      }
    },
    layerNormBackward(m, n, x, mean, inverse, gamma, dy, dGamma, dBeta, dx) {
      const { f32 } = views;
      const [g, dg, db] = [gamma >>> 2, dGamma >>> 2, dBeta >>> 2];
      f32.fill(0, dg, dg + n).fill(0, db, db + n);
      for (let i = 0, p = x >>> 2, q = dy >>> 2, r = dx >>> 2; i < m; i++, p += n, q += n, r += n) {
        const [average, root] = [f32[(mean >>> 2) + i], f32[(inverse >>> 2) + i]];
        const [a, c] = [lanes.fill(0), weighted.fill(0)];
        for (let j = 0; j < n; j++) {
          const [d, hat] = [f32[q + j], fround(fround(f32[p + j] - average) * root)];
          const e = fround(d * f32[g + j]);
          f32[db + j] = fround(f32[db + j] + d);
          f32[dg + j] = fround(f32[dg + j] + fround(d * hat));
          a[j & 3] += e;
          c[j & 3] += fround(e * hat);
        }
        const [shift, slope] = [fround(fold(a) / n), fround(fold(c) / n)];
        for (let j = 0; j < n; j++) {
          const hat = fround(fround(f32[p + j] - average) * root);
          f32[r + j] = fround(root * fround(fround(fround(f32[q + j] * f32[g + j]) - shift) - fround(hat * slope)));
        }
      }
    },
  };
}
