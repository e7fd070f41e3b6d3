// Matrix products and lists of non-zeros.
import type { Sizes } from '../../src/op-specs.ts';
import type { Kernels } from '../../src/ops.ts';
import { type Arrays, applyRelu, type Expected, exact, grid, type Oracle, sum, sumOverK, table } from './oracle.ts';

/** Returns the index of an element in an array. */
type Index = (row: number, column: number, sizes: Sizes) => number;
const rowMajor: Record<'mk' | 'km' | 'kn' | 'nk', Index> = {
  mk: (i, l, { k }) => i * k + l,
  km: (i, l, { m }) => l * m + i,
  kn: (l, j, { n }) => l * n + j,
  nk: (l, j, { k }) => j * k + l,
};

/** A product of inputs `names`, plus a bias or the initial output. */
const product = (a: Index, b: Index, names = ['a', 'b'], added?: 'bias' | 'out'): Oracle => ({
  of: (values, inputs) => {
    const { m, n, k, relu } = values;
    const [x, y] = names.map((name) => inputs[name]);
    const out = grid(m, n, (i, j) => {
      const [value, magnitude] = sum(k, (l) => x[a(i, l, values)] * y[b(l, j, values)]);
      const start = added === 'bias' ? inputs.bias[j] : added ? inputs.out[i * n + j] : 0;
      return applyRelu(relu, [start + value, magnitude + Math.abs(start)]);
    });
    return { out };
  },
  ...sumOverK,
});

/** Returns the entries of a list. */
const entriesOf = (inputs: Arrays, list: number, capacity: number): [index: number, value: number][] =>
  table(inputs.counts[list], (i) => {
    const place = 2 * (list * capacity + i);
    return [inputs.entries[place], inputs.entries[place + 1]];
  });

const sparse = (weights: string, hasBias: boolean): Oracle => ({
  of: ({ m, n, k, relu }, inputs) => ({
    out: grid(m, n, (i, j) => {
      const entries = entriesOf(inputs, i, k);
      const [value, magnitude] = sum(entries.length, (e) => entries[e][1] * inputs[weights][entries[e][0] * n + j]);
      const bias = hasBias ? inputs.bias[j] : 0;
      return applyRelu(relu, [value + bias, magnitude + Math.abs(bias)]);
    }),
  }),
  ...sumOverK,
});

/** Returns the lists of the non-zeros of a matrix. Entries after the count of a list may be anything: NaN. */
function toLists(lists: number, length: number, capacity: number, element: (list: number, index: number) => number) {
  const found = table(lists, (i) => table(length, (j) => [j, element(i, j)]).filter(([, value]) => value !== 0));
  return {
    counts: found.map((list) => exact(list.length)),
    entries: found.flatMap((list) => table(2 * capacity, (i) => exact(list[i >> 1]?.[i & 1] ?? Number.NaN))),
    returned: [sum(lists, (i) => found[i].length)],
  };
}

export const products = {
  matmul: product(rowMajor.mk, rowMajor.kn),
  matmulTN: product(rowMajor.km, rowMajor.kn),
  matmulNT: product(rowMajor.mk, rowMajor.nk),
  addMatmulNT: product(rowMajor.mk, rowMajor.nk, ['a', 'b'], 'out'),
  linear: product(rowMajor.mk, rowMajor.kn, ['x', 'w'], 'bias'),
  sparseMatmul: sparse('b', false),
  sparseLinear: sparse('w', true),
  compressRows: { of: ({ m, n }, { x }) => toLists(m, n, n, (i, j) => x[i * n + j]) },
  compressBytes: {
    of: ({ m, n, divisor }, { table: bytes, rows }) =>
      toLists(m, n, n, (i, j) => Math.fround(bytes[rows[i] * n + j] / divisor)),
  },
  compressColumns: {
    of: ({ m, n }, inputs): Record<string, Expected[]> => {
      const rows = table(m, (i) => new Map(entriesOf(inputs, i, n)));
      const { counts, entries } = toLists(n, m, m + 1, (j, i) => rows[i].get(j) ?? 0);
      return { columnCounts: counts, columnEntries: entries };
    },
  },
} satisfies Partial<Record<keyof Kernels, Oracle>>;
