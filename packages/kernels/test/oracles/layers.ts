// The ops that only some layers need.

import type { Sizes } from '../../src/op-specs.ts';
import type { Kernels } from '../../src/ops.ts';
import { at, type Expected, type Inputs, type Oracle, plain, size, sum, table } from './oracle.ts';

const { abs, floor, fround, max, sqrt } = Math;

/** Element (row, column) of an array (M,N). */
const grid = (s: Sizes, array: ArrayLike<number> | undefined) => (i: number, j: number) =>
  at(array, i * size(s, 'n') + j);
const over = (s: Sizes, f: (i: number, j: number) => Expected): Expected[] =>
  table(size(s, 'm') * size(s, 'n'), (place) => f(floor(place / size(s, 'n')), place % size(s, 'n')));
const relu = ([value, magnitude]: Expected, c: Sizes): Expected => [c.relu ? max(0, value) : value, magnitude];

/** Of `count` numbers. */
function buffers(count: number, x: (i: number) => number, { eps }: Sizes) {
  const mean = sum(count, x)[0] / count;
  const variance = sum(count, (i) => (x(i) - mean) ** 2)[0] / count;
  return { mean, variance, inverse: 1 / sqrt(variance + (eps as number)) };
}

interface Window {
  readonly rows: number;
  readonly columns: number;
  /** What the window's element (r, c) covers at a place: an index in the plane, or undefined beside it. */
  covered(row: number, column: number, r: number, c: number): number | undefined;
}

function windowOf(s: Sizes): Window {
  const [height, width, kernel, stride] = ['height', 'width', 'kernel', 'stride'].map((name) => size(s, name)) as [
    number,
    number,
    number,
    number,
  ];
  const padding = s.padding ?? 0;
  const places = (extent: number) => max(0, floor((extent + 2 * padding - kernel) / stride) + 1);
  return {
    rows: places(height),
    columns: places(width),
    covered(row, column, r, c) {
      const [y, x] = [row * stride + r - padding, column * stride + c - padding];
      return y >= 0 && y < height && x >= 0 && x < width ? y * width + x : undefined;
    },
  };
}

/** Calls back for every element of the matrix of columns: its place there, and the element of the pictures that it copies. */
function eachColumnElement(s: Sizes, visit: (place: number, source: number | undefined) => void): void {
  const [batch, channels, kernel] = [size(s, 'batch'), size(s, 'channels'), size(s, 'kernel')];
  const plane = size(s, 'height') * size(s, 'width');
  const { rows, columns, covered } = windowOf(s);
  let place = 0;
  for (let channel = 0; channel < channels; channel++)
    for (let element = 0; element < kernel * kernel; element++)
      for (let picture = 0; picture < batch; picture++)
        for (let at = 0; at < rows * columns; at++) {
          const inside = covered(floor(at / columns), at % columns, floor(element / kernel), element % kernel);
          visit(place++, inside === undefined ? undefined : (picture * channels + channel) * plane + inside);
        }
}

/** By what the windows of a pooling cover, in order. */
function pool(s: Sizes): number[][] {
  const kernel = size(s, 'kernel');
  const { rows, columns, covered } = windowOf(s);
  return table(rows * columns, (place) =>
    table(
      kernel * kernel,
      (e) => covered(floor(place / columns), place % columns, floor(e / kernel), e % kernel) as number,
    ),
  );
}

function batchNormBackward(s: Sizes, c: Sizes, inputs: Inputs): Record<string, Expected[]> {
  const [m, n] = [size(s, 'm'), size(s, 'n')];
  const [x, dy] = [grid(s, inputs.x), grid(s, inputs.dy)];
  const mean = (j: number) => at(inputs.mean, j) + at(inputs.residual, j);
  const loose = (i: number, j: number) => abs(x(i, j)) + abs(at(inputs.mean, j)) + abs(at(inputs.residual, j));
  const columns = table(n, (j) => {
    const inverse = at(inputs.inverse, j);
    const beta = sum(m, (i) => dy(i, j));
    const gamma = sum(m, (i) => dy(i, j) * (x(i, j) - mean(j)) * inverse);
    const scatter = sum(m, (i) => abs(dy(i, j)) * loose(i, j) * inverse)[0];
    return { inverse, beta, gamma: [gamma[0], scatter] as Expected };
  });
  const dx = over(s, (i, j) => {
    const { inverse, beta, gamma } = columns[j] as (typeof columns)[number];
    const scale = at(inputs.gamma, j) * inverse;
    const [b, slope] = c.batch ? [beta[0] / m, (gamma[0] * inverse) / m] : [0, 0];
    const slack = c.batch ? (beta[1] + loose(i, j) * gamma[1] * inverse) / m : 0;
    return [scale * (dy(i, j) - b - (x(i, j) - mean(j)) * slope), abs(scale) * (abs(dy(i, j)) + slack)];
  });
  return { dBeta: columns.map(({ beta }) => beta), dGamma: columns.map(({ gamma }) => gamma), dx };
}

function layerNormBackward(s: Sizes, _: Sizes, inputs: Inputs): Record<string, Expected[]> {
  const [m, n] = [size(s, 'm'), size(s, 'n')];
  const [x, dy] = [grid(s, inputs.x), grid(s, inputs.dy)];
  const [mean, residual] = [inputs.mean, inputs.residual];
  const normal = (i: number, j: number) => (x(i, j) - at(mean, i) - at(residual, i)) * at(inputs.inverse, i);
  const loose = (i: number, j: number) =>
    (abs(x(i, j)) + abs(at(mean, i)) + abs(at(residual, i))) * abs(at(inputs.inverse, i));
  const scaled = (i: number, j: number) => dy(i, j) * at(inputs.gamma, j);
  return {
    dBeta: table(n, (j) => sum(m, (i) => dy(i, j))),
    dGamma: table(n, (j) => [sum(m, (i) => dy(i, j) * normal(i, j))[0], sum(m, (i) => abs(dy(i, j)) * loose(i, j))[0]]),
    dx: over(s, (i, j) => {
      const a = sum(n, (k) => scaled(i, k) / n);
      const c = sum(n, (k) => (scaled(i, k) * normal(i, k)) / n);
      const slack = sum(n, (k) => (abs(scaled(i, k)) * loose(i, k)) / n)[0];
      const inverse = at(inputs.inverse, i);
      return [
        inverse * (scaled(i, j) - a[0] - normal(i, j) * c[0]),
        abs(inverse) * (abs(scaled(i, j)) + a[1] + loose(i, j) * slack),
      ];
    }),
  };
}

/** An element that is rounded once. */
const once = () => 1;
const row = (inputs: Inputs, j: number): [mean: number, residual: number, beta: number] => [
  at(inputs.mean, j),
  at(inputs.residual, j),
  at(inputs.beta, j),
];
const positive = (i: number): number => 0.25 + (i % 7) / 3;
const dims = (s: Sizes, ...names: string[]): number => names.reduce((product, name) => product * size(s, name), 1);

export const layers = {
  moments: {
    of: (s, c, { x }) => {
      const columns = table(size(s, 'n'), (j) => buffers(size(s, 'm'), (i) => grid(s, x)(i, j), c));
      return {
        mean: columns.map(({ mean }) => plain(mean)),
        residual: columns.map(({ mean }) => [mean - fround(mean), abs(mean) * 2 ** -24]),
        variance: columns.map(({ variance }) => plain(variance)),
        inverse: columns.map(({ inverse }) => plain(inverse)),
      };
    },
    units: once,
  },
  inverseStd: {
    of: (s, c, { variance }) => ({
      out: table(size(s, 'n'), (i) => plain(1 / sqrt(at(variance, i) + (c.eps as number)))),
    }),
    units: once,
  },
  updateRunning: {
    of: (s, c, { batch, running }) => ({
      running: table(size(s, 'n'), (i) => {
        const { momentum, factor } = c as Record<'momentum' | 'factor', number>;
        const [kept, added] = [(1 - momentum) * at(running, i), momentum * factor * at(batch, i)];
        return [kept + added, abs(kept) + abs(added)];
      }),
    }),
    units: () => 2,
  },
  batchNorm: {
    of: (s, c, inputs) => ({
      out: over(s, (i, j) => {
        const scale = at(inputs.gamma, j) * at(inputs.inverse, j);
        const [x, mean, residual, beta] = [grid(s, inputs.x)(i, j), ...row(inputs, j)];
        const magnitude = (abs(x) + abs(mean) + abs(residual)) * abs(scale) + abs(beta);
        return relu([(x - mean - residual) * scale + beta, magnitude], c);
      }),
    }),
    units: () => 4,
  },
  batchNormBackward: { of: batchNormBackward, units: () => 8 },
  layerNorm: {
    of: (s, c, inputs) => {
      const x = grid(s, inputs.x);
      const rows = table(size(s, 'm'), (i) => buffers(size(s, 'n'), (j) => x(i, j), c));
      return {
        mean: rows.map(({ mean }) => plain(mean)),
        residual: rows.map(({ mean }) => [mean - fround(mean), abs(mean) * 2 ** -24]),
        inverse: rows.map(({ inverse }) => plain(inverse)),
        out: over(s, (i, j) => {
          const { mean, inverse } = rows[i] as (typeof rows)[number];
          const [center, scale, shift] = [x(i, j) - mean, inverse * at(inputs.gamma, j), at(inputs.beta, j)];
          return relu([center * scale + shift, abs(center * scale) + abs(shift)], c);
        }),
      };
    },
    units: () => 5,
  },
  layerNormBackward: { of: layerNormBackward, units: () => 8, inputs: { inverse: positive } },
  swapAxes: {
    of: (s, _, { x }) => {
      const [m, n, k] = [size(s, 'm'), size(s, 'n'), size(s, 'k')];
      return {
        out: table(m * n * k, (p) => plain(at(x, ((floor(p / k) % m) * n + floor(p / (m * k))) * k + (p % k)))),
      };
    },
  },
  im2col: {
    of: (s, _, { x }) => {
      const out: Expected[] = [];
      eachColumnElement(s, (place, source) => {
        out[place] = plain(source === undefined ? 0 : at(x, source));
      });
      return { out };
    },
  },
  col2im: {
    of: (s, _, { x }) => {
      const out = table(dims(s, 'batch', 'channels', 'height', 'width'), () => [0, 0] as [number, number]);
      eachColumnElement(s, (place, source) => {
        const sums = source === undefined ? undefined : out[source];
        if (!sums) return;
        sums[0] += at(x, place);
        sums[1] += abs(at(x, place));
      });
      return { out };
    },
    units: (s) => size(s, 'kernel') ** 2 + 2,
    polynomial: true,
  },
  channelBias: {
    of: (s, c, { x, bias }) => ({
      out: table(dims(s, 'm', 'n', 'k'), (p) => {
        const shift = at(bias, floor(p / size(s, 'k')) % size(s, 'n'));
        return relu([Math.fround(at(x, p) + shift), abs(at(x, p)) + abs(shift)], c);
      }),
    }),
  },
  sumAxis1: {
    of: (s, _, { x }) => ({ out: table(size(s, 'm'), (i) => sum(size(s, 'n'), (j) => grid(s, x)(i, j))) }),
    units: (s) => size(s, 'n') + 2,
    polynomial: true,
  },
  maxPool: {
    of: (s, _, { x }) => {
      const plane = size(s, 'height') * size(s, 'width');
      const winners = table(size(s, 'planes'), (p) =>
        pool(s).map((window) =>
          window.reduce((best, i) => (at(x, p * plane + i) > at(x, p * plane + best) ? i : best)),
        ),
      );
      return {
        indices: winners.flat().map(plain),
        out: winners.flatMap((best, p) => best.map((i) => plain(at(x, p * plane + i)))),
      };
    },
  },
  maxPoolBackward: {
    of: (s, _, { indices, dy }) => {
      const plane = size(s, 'height') * size(s, 'width');
      const places = pool(s).length;
      const dx = table(size(s, 'planes') * plane, () => [0, 0] as [number, number]);
      for (let i = 0; i < size(s, 'planes') * places; i++) {
        const sums = dx[floor(i / places) * plane + at(indices, i)] as [number, number];
        sums[0] += at(dy, i);
        sums[1] += abs(at(dy, i));
      }
      return { dx };
    },
    units: (s) => size(s, 'kernel') ** 2 + dims(s, 'height', 'width') + 2,
    polynomial: true,
  },
} satisfies Partial<Record<keyof Kernels, Oracle>>;
