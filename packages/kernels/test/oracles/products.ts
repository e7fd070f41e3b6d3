// Products of matrices, and lists of non-zeros.

import type { Sizes } from '../../src/op-specs.ts';
import type { Kernels } from '../../src/ops.ts';
import { alongK, at, type Expected, type Inputs, type Oracle, plain, size, sum, table } from './oracle.ts';

const { abs, fround, max } = Math;

type Place = (row: number, column: number, s: Sizes) => number;
const rowMajor: Record<'mk' | 'km' | 'kn' | 'nk', Place> = {
  mk: (i, k, s) => i * size(s, 'k') + k,
  km: (i, k, s) => k * size(s, 'm') + i,
  kn: (k, j, s) => k * size(s, 'n') + j,
  nk: (k, j, s) => j * size(s, 'k') + k,
};

const product = (a: Place, b: Place, names = ['a', 'b'], plus?: string, from?: string): Oracle => ({
  of: (s, c, inputs) => ({
    out: table(size(s, 'm') * size(s, 'n'), (place) => {
      const [i, j] = [Math.floor(place / size(s, 'n')), place % size(s, 'n')];
      const [x, y] = names.map((name) => inputs[name]);
      const [value, magnitude] = sum(size(s, 'k'), (k) => at(x, a(i, k, s)) * at(y, b(k, j, s)));
      const bias = plus ? at(inputs[plus], j) : 0;
      const before = from ? at(inputs[from], place) : 0;
      const total = before + value + bias;
      return [c.relu ? max(0, total) : total, abs(before) + magnitude + abs(bias)];
    }),
  }),
  ...alongK,
});

/** Lists of non-zeros: index and value in turn, `capacity` pairs from one list to the next. */
const listed = (
  inputs: Inputs,
  list: number,
  capacity: number,
  names = ['counts', 'entries'],
): [index: number, value: number][] =>
  table(at(inputs[names[0] as string], list), (i) => {
    const place = 2 * (list * capacity + i);
    return [at(inputs[`${names[1]} as indices`], place), at(inputs[names[1] as string], place + 1)];
  });

const sparse = (weights: string, plus?: string): Oracle => ({
  of: (s, c, inputs) => ({
    out: table(size(s, 'm') * size(s, 'n'), (place) => {
      const n = size(s, 'n');
      const [i, j] = [Math.floor(place / n), place % n];
      const entries = listed(inputs, i, size(s, 'k'));
      const [value, magnitude] = sum(entries.length, (e) => {
        const [index, x] = entries[e] as [number, number];
        return x * at(inputs[weights], index * n + j);
      });
      const bias = plus ? at(inputs[plus], j) : 0;
      return [c.relu ? max(0, value + bias) : value + bias, magnitude + abs(bias)];
    }),
  }),
  ...alongK,
});

export const products = {
  matmul: product(rowMajor.mk, rowMajor.kn),
  matmulTN: product(rowMajor.km, rowMajor.kn),
  matmulNT: product(rowMajor.mk, rowMajor.nk),
  addMatmulNT: product(rowMajor.mk, rowMajor.nk, ['a', 'b'], undefined, 'out'),
  linear: product(rowMajor.mk, rowMajor.kn, ['x', 'w'], 'bias'),
  sparseMatmul: sparse('b'),
  sparseLinear: sparse('w', 'bias'),
  compressRows: {
    of: (s, _, { x }) => compressed(s, (i, j) => at(x, i * size(s, 'n') + j)),
  },
  compressBytes: {
    of: (s, c, { table: bytes, rows }) =>
      compressed(s, (i, j) => fround(at(bytes, at(rows, i) * size(s, 'n') + j) / (c.divisor as number))),
  },
  compressColumns: {
    of: (s, _, inputs) => {
      const [m, n] = [size(s, 'm'), size(s, 'n')];
      const dense = table(m, (i) => new Map(listed(inputs, i, n)));
      const { counts, entries } = lists(n, m, m + 1, (j, i) => dense[i]?.get(j) ?? 0);
      return { columnCounts: counts as Expected[], columnEntries: entries as Expected[] };
    },
  },
} satisfies Partial<Record<keyof Kernels, Oracle>>;

function compressed(s: Sizes, element: (row: number, column: number) => number): Record<string, Expected[]> {
  const [m, n] = [size(s, 'm'), size(s, 'n')];
  const made = lists(m, n, n, element);
  return {
    ...made,
    returned: [
      sum(m, (i) =>
        at(
          made.counts?.map(([count]) => count),
          i,
        ),
      ),
    ],
  };
}

/** Counts, and pairs of index and value; beyond a list's count nothing is said (NaN). */
function lists(
  count: number,
  length: number,
  capacity: number,
  element: (list: number, index: number) => number,
): Record<string, Expected[]> {
  const found = table(count, (i) =>
    table(length, (j) => [j, element(i, j)] as const).filter(([, value]) => value !== 0),
  );
  return {
    counts: found.map((list) => plain(list.length)),
    entries: found.flatMap((list) => table(2 * capacity, (i) => plain(list[i >> 1]?.[i & 1] ?? Number.NaN))),
  };
}
