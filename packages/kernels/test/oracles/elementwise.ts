// Element by element, and reductions.

import { gelu, geluSlope } from '../../../../test/oracles/math.ts';
import type { Kernels } from '../../src/ops.ts';
import { alongN, at, each, few, type Oracle, pair, plain, size, sum, table, whole } from './oracle.ts';

const { abs, exp, fround, log, max, sqrt, tanh } = Math;

export const elementwise = {
  addBias: {
    of: (s, _, { x, bias }) => ({
      out: table(size(s, 'm') * size(s, 'n'), (i) => plain(fround(at(x, i) + at(bias, i % size(s, 'n'))))),
    }),
  },
  transpose: {
    of: (s, _, { x }) => ({
      out: table(size(s, 'm') * size(s, 'n'), (i) =>
        plain(at(x, (i % size(s, 'm')) * size(s, 'n') + Math.floor(i / size(s, 'm')))),
      ),
    }),
  },
  fill: { of: (s, c) => ({ out: table(size(s, 'n'), () => plain(c.value as number)) }) },
  copy: each((x) => x),
  // Rounded once: a float64 holds sum, product, quotient and root of float32 closely enough that rounding it again is exact.
  add: pair('out', ['a', 'b'], (a, b) => plain(fround(a + b))),
  sub: pair('out', ['a', 'b'], (a, b) => plain(fround(a - b))),
  mul: pair('out', ['a', 'b'], (a, b) => plain(fround(a * b))),
  div: pair('out', ['a', 'b'], (a, b) => plain(fround(a / b))),
  scale: each((x, _, c) => fround(x * (c.alpha as number))),
  sqrt: each((x) => fround(sqrt(x))),
  axpy: pair('out', ['x', 'y'], (x, y, c) => plain(fround(fround(x * (c.alpha as number)) + y))),
  relu: each((x) => max(0, x)),
  clamp: each((x, _, c) => Math.min(Math.max(x, c.low as number), c.high as number)),
  exp: each(exp, 3),
  log: {
    ...each(log),
    of: (s, _, { x }) => ({ out: table(size(s, 'n'), (i) => [log(at(x, i)), max(abs(log(at(x, i))), 2 ** -20)]) }),
    units: () => 3,
  },
  tanh: each(tanh, 4),
  sigmoid: each((x) => 1 / (1 + exp(-x)), 6),
  sigmoidBackward: pair('out', ['y', 'dy'], (y, dy) => [dy * y * (1 - y), abs(dy * y) * (1 + abs(y))], {
    ...few,
    ...whole,
  }),
  tanhBackward: pair('out', ['y', 'dy'], (y, dy) => [dy * (1 - y * y), abs(dy) * (1 + y * y)], { ...few, ...whole }),
  reluBackward: pair('out', ['y', 'dy'], (y, dy) => plain(y > 0 ? dy : 0)),
  sum: { of: (s, _, { x }) => ({ returned: [sum(size(s, 'n'), (i) => at(x, i))] }), ...alongN },
  wideSum: { of: (s, _, { x }) => ({ returned: [sum(size(s, 'n'), (i) => at(x, i))] }), ...alongN },
  sumSquares: { of: (s, _, { x }) => ({ returned: [sum(size(s, 'n'), (i) => at(x, i) ** 2)] }), ...alongN },
  wideSumSquares: { of: (s, _, { x }) => ({ returned: [sum(size(s, 'n'), (i) => at(x, i) ** 2)] }), units: () => 1 },
  max: { of: (s, _, { x }) => ({ returned: [plain(max(...table(size(s, 'n'), (i) => at(x, i))))] }) },
  firstNonFinite: { of: () => ({ returned: [plain(-1)] }) },
  countEqual: {
    of: (s, _, { a, b }) => ({
      returned: [plain(table(size(s, 'n'), (i) => at(a, i) === at(b, i)).filter(Boolean).length)],
    }),
  },
  sumAxis0: {
    of: (s, _, { x }) => ({ out: table(size(s, 'n'), (j) => sum(size(s, 'm'), (i) => at(x, i * size(s, 'n') + j))) }),
    units: (s) => size(s, 'm') + 2,
    ...whole,
  },
  argmaxRows: {
    of: (s, _, { x }) => ({
      out: table(size(s, 'm'), (i) => {
        const row = table(size(s, 'n'), (j) => at(x, i * size(s, 'n') + j));
        return plain(row.indexOf(max(...row)));
      }),
    }),
  },
  gelu: {
    of: (s, c, { x }) => ({ out: table(size(s, 'n'), (i) => plain(gelu(at(x, i), c.tanh === 1))) }),
    units: () => 2,
  },
  geluBackward: {
    of: (s, c, { x, dy }) => ({
      dx: table(size(s, 'n'), (i) => plain(at(dy, i) * geluSlope(at(x, i), c.tanh === 1))),
    }),
    units: () => 3,
  },
} satisfies Partial<Record<keyof Kernels, Oracle>>;
