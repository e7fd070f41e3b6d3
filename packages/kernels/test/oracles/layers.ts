// Ops of single layers: normalization, convolution and pooling, sequences.
import type { Sizes } from '../../src/op-specs.ts';
import type { Kernels } from '../../src/ops.ts';
import {
  type Arrays,
  applyRelu,
  type Expected,
  exact,
  grid,
  type Oracle,
  polynomial,
  positive,
  sum,
  table,
} from './oracle.ts';

const { abs, floor, fround, max, sqrt } = Math;

/** Returns the statistics of `count` numbers. `residual` is the rounding error of the mean. */
function statistics(count: number, x: (i: number) => number, eps: number) {
  const mean = sum(count, x)[0] / count;
  const variance = sum(count, (i) => (x(i) - mean) * (x(i) - mean))[0] / count;
  const residual: Expected = [mean - fround(mean), abs(mean) * 2 ** -24];
  return { mean, residual, variance, inverse: 1 / sqrt(variance + eps) };
}

/** Accessors of the statistics in inputs: the exact mean, and a limit of |x| + |mean|. */
const means = ({ mean, residual }: Arrays) => ({
  meanOf: (i: number) => mean[i] + residual[i],
  limit: (x: number, i: number) => abs(x) + abs(mean[i]) + abs(residual[i]),
});

function batchNormBackward({ m, n, batch }: Sizes, inputs: Arrays) {
  const { x, dy, inverse, gamma } = inputs;
  const { meanOf, limit } = means(inputs);
  const centered = (i: number, j: number) => x[i * n + j] - meanOf(j);
  const dBeta = table(n, (j) => sum(m, (i) => dy[i * n + j]));
  const dGamma = table(n, (j): Expected => {
    const [value] = sum(m, (i) => dy[i * n + j] * centered(i, j) * inverse[j]);
    return [value, sum(m, (i) => dy[i * n + j] * limit(x[i * n + j], j) * inverse[j])[1]];
  });
  const dx = grid(m, n, (i, j): Expected => {
    const [b, c] = batch ? [dBeta[j][0] / m, (dGamma[j][0] * inverse[j]) / m] : [0, 0];
    const slack = batch ? (dBeta[j][1] + limit(x[i * n + j], j) * dGamma[j][1] * inverse[j]) / m : 0;
    const scale = gamma[j] * inverse[j];
    return [scale * (dy[i * n + j] - b - centered(i, j) * c), abs(scale) * (abs(dy[i * n + j]) + slack)];
  });
  return { dBeta, dGamma, dx };
}

function layerNormBackward({ m, n }: Sizes, inputs: Arrays) {
  const { x, dy, inverse, gamma } = inputs;
  const { meanOf, limit } = means(inputs);
  const hat = (i: number, j: number) => (x[i * n + j] - meanOf(i)) * inverse[i];
  const hatLimit = (i: number, j: number) => limit(x[i * n + j], i) * abs(inverse[i]);
  const scaled = (i: number, j: number) => dy[i * n + j] * gamma[j];
  return {
    dBeta: table(n, (j) => sum(m, (i) => dy[i * n + j])),
    dGamma: table(n, (j): Expected => {
      const [value] = sum(m, (i) => dy[i * n + j] * hat(i, j));
      return [value, sum(m, (i) => dy[i * n + j] * hatLimit(i, j))[1]];
    }),
    dx: grid(m, n, (i, j): Expected => {
      const a = sum(n, (l) => scaled(i, l) / n);
      const c = sum(n, (l) => (scaled(i, l) * hat(i, l)) / n);
      const slack = sum(n, (l) => (scaled(i, l) * hatLimit(i, l)) / n)[1];
      return [
        inverse[i] * (scaled(i, j) - a[0] - hat(i, j) * c[0]),
        abs(inverse[i]) * (abs(scaled(i, j)) + a[1] + hatLimit(i, j) * slack),
      ];
    }),
  };
}

/** For each position of a window, the indices in the plane of its elements, or undefined in the padding. */
function windows({ height, width, kernel, stride, padding = 0 }: Sizes): (number | undefined)[][] {
  const count = (size: number) => max(0, floor((size + 2 * padding - kernel) / stride) + 1);
  return grid(count(height), count(width), (row, column) =>
    grid(kernel, kernel, (r, c) => {
      const [y, x] = [row * stride + r - padding, column * stride + c - padding];
      return y >= 0 && y < height && x >= 0 && x < width ? y * width + x : undefined;
    }),
  );
}

/** For each element of the matrix of `im2col`, the index of the image element that it copies, or undefined. */
function im2colSources(values: Sizes): (number | undefined)[] {
  const { batch, channels, height, width, kernel } = values;
  const positions = windows(values);
  return grid(channels, kernel * kernel, (channel, element) =>
    grid(batch, positions.length, (image, position) => {
      const index = positions[position][element];
      return index === undefined ? undefined : (image * channels + channel) * height * width + index;
    }),
  ).flat();
}

/** Returns the sums of the terms that have the same target index. */
function scatterAdd(size: number, terms: readonly (readonly [target: number | undefined, term: number])[]): Expected[] {
  const sums = table(size, () => [0, 0] as [number, number]);
  for (const [target, term] of terms) {
    if (target === undefined) continue;
    sums[target][0] += term;
    sums[target][1] += abs(term);
  }
  return sums;
}

export const layers = {
  moments: {
    of: ({ m, n, eps }, { x }) => {
      const columns = table(n, (j) => statistics(m, (i) => x[i * n + j], eps));
      return {
        mean: columns.map(({ mean }) => exact(mean)),
        residual: columns.map(({ residual }) => residual),
        variance: columns.map(({ variance }) => exact(variance)),
        inverse: columns.map(({ inverse }) => exact(inverse)),
      };
    },
    units: () => 1,
  },
  inverseStd: {
    of: ({ n, eps }, { variance }) => ({ out: table(n, (i) => exact(1 / sqrt(variance[i] + eps))) }),
    units: () => 1,
  },
  updateRunning: {
    of: ({ n, momentum, factor }, { batch, running }) => ({
      running: table(n, (i) => {
        const [kept, added] = [(1 - momentum) * running[i], momentum * factor * batch[i]];
        return [kept + added, abs(kept) + abs(added)];
      }),
    }),
    units: () => 2,
  },
  batchNorm: {
    of: ({ m, n, relu }, inputs) => {
      const { x, inverse, gamma, beta } = inputs;
      const { meanOf, limit } = means(inputs);
      const out = grid(m, n, (i, j) => {
        const scale = gamma[j] * inverse[j];
        const value = (x[i * n + j] - meanOf(j)) * scale + beta[j];
        return applyRelu(relu, [value, limit(x[i * n + j], j) * abs(scale) + abs(beta[j])]);
      });
      return { out };
    },
    units: () => 4,
  },
  batchNormBackward: { of: batchNormBackward, units: () => 8 },
  layerNorm: {
    of: ({ m, n, relu, eps }, { x, gamma, beta }) => {
      const rows = table(m, (i) => statistics(n, (j) => x[i * n + j], eps));
      return {
        mean: rows.map(({ mean }) => exact(mean)),
        residual: rows.map(({ residual }) => residual),
        inverse: rows.map(({ inverse }) => exact(inverse)),
        out: grid(m, n, (i, j) => {
          const scaled = (x[i * n + j] - rows[i].mean) * rows[i].inverse * gamma[j];
          return applyRelu(relu, [scaled + beta[j], abs(scaled) + abs(beta[j])]);
        }),
      };
    },
    units: () => 5,
  },
  layerNormBackward: { of: layerNormBackward, units: () => 8, inputs: { inverse: positive } },
  swapAxes: {
    of: ({ m, n, k }, { x }) => ({
      out: grid(n, m, (j, i) => table(k, (l) => exact(x[(i * n + j) * k + l]))).flat(),
    }),
  },
  im2col: {
    of: (values, { x }) => ({
      out: im2colSources(values).map((source) => exact(source === undefined ? 0 : x[source])),
    }),
  },
  col2im: {
    of: (values, { x }) => {
      const { batch, channels, height, width } = values;
      const terms = im2colSources(values).map((source, i) => [source, x[i]] as const);
      return { out: scatterAdd(batch * channels * height * width, terms) };
    },
    units: ({ kernel }) => kernel * kernel + 2,
    ...polynomial,
  },
  channelBias: {
    of: ({ m, n, k, relu }, { x, bias }) => ({
      out: grid(m, n * k, (i, p) => applyRelu(relu, exact(fround(x[i * n * k + p] + bias[floor(p / k)])))),
    }),
  },
  sumAxis1: {
    of: ({ m, n }, { x }) => ({ out: table(m, (i) => sum(n, (j) => x[i * n + j])) }),
    units: ({ n }) => n + 2,
    ...polynomial,
  },
  maxPool: {
    of: (values, { x }) => {
      const { planes, height, width } = values;
      const positions = windows(values) as number[][];
      const winners = grid(planes, positions.length, (plane, position) => {
        const element = (i: number) => x[plane * height * width + i];
        const index = positions[position].reduce((best, i) => (element(i) > element(best) ? i : best));
        return { index, value: element(index) };
      });
      return { indices: winners.map(({ index }) => exact(index)), out: winners.map(({ value }) => exact(value)) };
    },
  },
  maxPoolBackward: {
    of: (values, { indices, dy }) => {
      const { planes, height, width } = values;
      const terms = grid(planes, windows(values).length, (plane, position) => [plane, position] as const).map(
        ([plane], i) => [plane * height * width + indices[i], dy[i]] as const,
      );
      return { dx: scatterAdd(planes * height * width, terms) };
    },
    units: ({ kernel, height, width }) => kernel * kernel + height * width + 2,
    ...polynomial,
  },
} satisfies Partial<Record<keyof Kernels, Oracle>>;
