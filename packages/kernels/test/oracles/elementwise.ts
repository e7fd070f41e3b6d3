// Elementwise ops and reductions.
import { gelu, geluSlope } from '../../../../test/oracles/math.ts';
import type { Kernels } from '../../src/ops.ts';
import { binary, exact, fewUnits, grid, type Oracle, polynomial, sum, sumOverN, table, unary } from './oracle.ts';

const { abs, exp, fround, log, max, min, tanh } = Math;

export const elementwise = {
  addBias: { of: ({ m, n }, { x, bias }) => ({ out: grid(m, n, (i, j) => exact(fround(x[i * n + j] + bias[j]))) }) },
  transpose: { of: ({ m, n }, { x }) => ({ out: grid(n, m, (j, i) => exact(x[i * n + j])) }) },
  fill: { of: ({ n, value }) => ({ out: table(n, () => exact(value)) }) },
  copy: unary((x) => x),
  // A float64 has more than twice the bits of a float32, so rounding these results twice gives the same as rounding once.
  add: binary(['a', 'b'], (a, b) => exact(fround(a + b))),
  sub: binary(['a', 'b'], (a, b) => exact(fround(a - b))),
  mul: binary(['a', 'b'], (a, b) => exact(fround(a * b))),
  scale: unary((x, { alpha }) => fround(x * alpha)),
  axpy: binary(['x', 'y'], (x, y, { alpha }) => exact(fround(fround(x * alpha) + y))),
  relu: unary((x) => max(0, x)),
  clamp: unary((x, { low, high }) => min(max(x, low), high)),
  exp: unary(exp, 3),
  log: {
    of: ({ n }, { x }) => ({ out: table(n, (i) => [log(x[i]), max(abs(log(x[i])), 2 ** -20)]) }),
    units: () => 3,
  },
  tanh: unary(tanh, 4),
  sigmoid: unary((x) => 1 / (1 + exp(-x)), 6),
  sigmoidBackward: binary(['y', 'dy'], (y, dy) => [dy * y * (1 - y), abs(dy * y) * (1 + abs(y))], {
    ...fewUnits,
    ...polynomial,
  }),
  tanhBackward: binary(['y', 'dy'], (y, dy) => [dy * (1 - y * y), abs(dy) * (1 + y * y)], {
    ...fewUnits,
    ...polynomial,
  }),
  reluBackward: binary(['y', 'dy'], (y, dy) => exact(y > 0 ? dy : 0)),
  sum: { of: ({ n }, { x }) => ({ returned: [sum(n, (i) => x[i])] }), ...sumOverN },
  wideSum: { of: ({ n }, { x }) => ({ returned: [sum(n, (i) => x[i])] }), ...sumOverN },
  sumSquares: { of: ({ n }, { x }) => ({ returned: [sum(n, (i) => x[i] * x[i])] }), ...sumOverN },
  wideSumSquares: { of: ({ n }, { x }) => ({ returned: [sum(n, (i) => x[i] * x[i])] }), units: () => 1 },
  max: { of: ({ n }, { x }) => ({ returned: [exact(max(...table(n, (i) => x[i])))] }) },
  firstNonFinite: { of: () => ({ returned: [exact(-1)] }) },
  countEqual: { of: ({ n }, { a, b }) => ({ returned: [sum(n, (i) => Number(a[i] === b[i]))] }) },
  sumAxis0: {
    of: ({ m, n }, { x }) => ({ out: table(n, (j) => sum(m, (i) => x[i * n + j])) }),
    units: ({ m }) => m + 2,
    ...polynomial,
  },
  argmaxRows: {
    of: ({ m, n }, { x }) => ({
      out: table(m, (i) => {
        const row = table(n, (j) => x[i * n + j]);
        return exact(row.indexOf(max(...row)));
      }),
    }),
  },
  gelu: unary((x, { tanh }) => gelu(x, tanh === 1), 2),
  geluBackward: {
    of: ({ n, tanh }, { x, dy }) => ({ dx: table(n, (i) => exact(dy[i] * geluSlope(x[i], tanh === 1))) }),
    units: () => 3,
  },
} satisfies Partial<Record<keyof Kernels, Oracle>>;
