// Random calls of an op, for tests and for mutants.
import fc from 'fast-check';
import { isArray, type OpSpec, opSpecs, type Sizes } from '../src/op-specs.ts';
import { type Call, fillFloats, fillLists } from './bits.ts';

const SIZES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 16, 17, 19, 23, 24, 25, 29, 31, 32, 33, 37, 41];
const LONG = [...SIZES, 63, 64, 65, 97, 100, 127, 128, 129, 257, 1000];
/** Words from a small generator: fast-check shrinks the seed, not thousands of numbers. */
export function words(seed: number, count: number): Uint32Array {
  const out = new Uint32Array(count);
  for (let i = 0, s = seed | 0; i < count; i++) {
    s = (s + 0x9e3779b9) | 0;
    let t = Math.imul(s ^ (s >>> 16), 0x21f0aaad);
    t = Math.imul(t ^ (t >>> 15), 0x735a2d97);
    out[i] = t ^ (t >>> 15);
  }
  return out;
}

/** As in a picture zeros in long runs; zeros here and there; or any bytes. */
function bytes(random: Uint32Array): Uint8Array {
  const all = new Uint8Array(random.buffer, 0, random.length).slice();
  const kind = (random[0] ?? 0) % 3;
  if (kind === 0) return all;
  return all.map((byte, i) => ((kind === 1 ? i % 48 < 20 : (random[i] as number) & 0x10000) ? byte : 0));
}

/** About half of them 0 or 16: the words from which come 0 and −0. */
function thinned(random: Uint32Array): Uint32Array {
  return random.map((word) => (word & 0x8000 ? word : word & 16));
}

export function contents(row: OpSpec, sizes: Sizes, seed: number): Record<string, Uint8Array> {
  const result: Record<string, Uint8Array> = {};
  row.arguments.forEach((argument, place) => {
    if (!isArray(argument)) return;
    if (argument.kind === 'lists') {
      const lists = argument.of(sizes);
      const random = words(seed, lists.lists * lists.length);
      result[argument.name] = fillLists((i) => random[i] as number, lists)[argument.content] as Uint8Array;
      return;
    }
    const random = words(seed + 77 * place, argument.count(sizes));
    const bound = argument.kind === 'buffer' ? argument.bound?.(sizes) : undefined;
    if (bound !== undefined) result[argument.name] = new Uint8Array(random.map((word) => word % bound).buffer);
    else if (argument.content === 'byte') result[argument.name] = bytes(random);
    else result[argument.name] = fillFloats(row.op === 'compressRows' ? thinned(random) : random, argument.content);
  });
  return result;
}

/** Calls of an op: random sizes on both sides of every block, random scalars and contents. */
export function callsOf(row: OpSpec): fc.Arbitrary<Call> {
  const names = row.arguments.filter((a) => a.kind === 'size').map((a) => a.name);
  const choices = names.length === 1 ? LONG : SIZES;
  const sizes = fc.record(
    Object.fromEntries(
      names.map((name) => [
        name,
        fc.constantFrom(
          ...choices.filter((size) => size >= (row.least?.[name] ?? 0) && size <= (row.most?.[name] ?? size)),
        ),
      ]),
    ),
  ) as fc.Arbitrary<Sizes>;
  const scalars = fc.record(
    Object.fromEntries(
      row.arguments.flatMap((a) => (a.kind === 'scalar' ? [[a.name, fc.constantFrom(...a.values)]] : [])),
    ),
  ) as fc.Arbitrary<Sizes>;
  const inPlace = fc.constantFrom(undefined, ...(row.inPlace ?? []));
  return fc.tuple(sizes, scalars, inPlace, fc.integer()).map(([s, c, place, seed]) => ({
    row,
    sizes: s,
    scalars: c,
    inPlace: place,
    contents: contents(row, s, seed),
  }));
}

// Rows of 256 floats or more are copied into blocks of 64 columns × 256 terms: sizes on both sides of these.
const blocked: Sizes[] = [
  { m: 5, n: 256, k: 255 },
  { m: 4, n: 257, k: 257 },
  { m: 7, n: 321, k: 513 },
  { m: 1, n: 300, k: 1 },
  { m: 258, n: 65, k: 256 },
  { m: 259, n: 63, k: 300 },
  { m: 256, n: 10, k: 3 },
  { m: 3, n: 260, k: 0 },
];

const long: Sizes[] = [1024, 1025, 1030].map((m) => ({ m, n: 7 }));

/** Products of those sizes, and sums down more rows than one chain takes. */
export const inBlocks: readonly Call[] = opSpecs.flatMap((row) => {
  const sizes = /^(matmul|linear)/.test(row.op) ? blocked : row.op === 'sumAxis0' ? long : [];
  return sizes.map((each) => ({
    row,
    sizes: each,
    scalars: { relu: (each.m as number) % 2 },
    contents: contents(row, each, 1 + (each.m as number)),
  }));
});
