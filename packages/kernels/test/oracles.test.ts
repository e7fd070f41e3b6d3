// The reference against the formulas of all ops in float64: within the rounding error of their sums, and without error
// for small integers, which need no rounding. kernels.test.ts compares the other variants with the reference.
import { expect, test } from 'vitest';
import { loadDevice } from '../src/index.ts';
import { isArray, type OpSpec, opSpecs, type Sizes } from '../src/op-specs.ts';
import { allowedSizes, type Call, namesOf, randomInputs, randomWords, run } from './calls.ts';
import { type Arrays, type Expected, type Oracle, oracles } from './oracles/index.ts';

const SIZES = [1, 2, 3, 4, 5, 7, 8, 11, 16, 19, 24];
const ROUNDS = 12;
/** Sizes at which products work in blocks. */
const BLOCKED_SIZES: Sizes[] = [
  { m: 5, n: 257, k: 259 },
  { m: 7, n: 321, k: 13 },
];

const device = await loadDevice({ variant: 'reference', bytes: 4 * 2 ** 20 });

type Style = 'real' | 'integer';

function createCall(spec: OpSpec, oracle: Oracle, style: Style, round: number): Call {
  const random = randomWords(1000 * round + spec.op.length * 7919 + spec.op.charCodeAt(0), 32);
  let drawn = 0;
  const choose = <T>(values: readonly T[]): T => values[random[drawn++] % values.length];
  const sizes =
    BLOCKED_SIZES[round - ROUNDS] ??
    Object.fromEntries(namesOf(spec, 'size').map((name) => [name, choose(allowedSizes(spec, name, SIZES))]));
  const scalars = spec.arguments.flatMap((argument) => {
    if (argument.kind !== 'scalar') return [];
    const isFree = style === 'integer' && argument.name !== 'relu';
    return [[argument.name, choose(isFree ? [-2, -1, 0, 1, 2] : argument.values)]];
  });
  const inputs = { ...randomInputs(spec, sizes, round, style) };
  for (const [name, value] of Object.entries(oracle.inputs ?? {})) {
    inputs[name] = new Uint8Array(Float32Array.from({ length: inputs[name].length / 4 }, (_, i) => value(i)).buffer);
  }
  return { spec, sizes, scalars: Object.fromEntries(scalars), inputs };
}

/** Returns arrays of a call as numbers. Entries of lists are indices and values in turn. */
function toNumbers(spec: OpSpec, arrays: Readonly<Record<string, { readonly buffer: ArrayBufferLike }>>): Arrays {
  const numbers = spec.arguments.filter(isArray).flatMap(({ name, content }): [string, ArrayLike<number>][] => {
    if (!(name in arrays)) return [];
    const { buffer } = arrays[name];
    if (content === 'byte') return [[name, new Uint8Array(buffer)]];
    const [integers, floats] = [new Int32Array(buffer), new Float32Array(buffer)];
    if (content === 'entries') return [[name, Array.from(floats, (x, i) => (i % 2 ? x : integers[i]))]];
    return [[name, content === 'word' || content === 'counts' ? integers : floats]];
  });
  return Object.fromEntries(numbers);
}

/** Returns the largest error above the allowed one, and its element. */
function worstExcess(got: ArrayLike<number>, want: readonly Expected[], units: number) {
  let worst = { excess: Number.NEGATIVE_INFINITY, element: '' };
  want.forEach(([value, magnitude], i) => {
    if (Number.isNaN(value)) return;
    const allowed = units * 2 ** -24 * magnitude + (units > 0 ? 2 ** -140 : 0);
    const error = Math.abs(got[i] - value);
    const excess = Number.isFinite(error) ? error - allowed : Number.POSITIVE_INFINITY;
    if (excess > worst.excess) worst = { excess, element: `element ${i}: got ${got[i]}, want ${value} ± ${allowed}` };
  });
  return worst;
}

function check(op: OpSpec['op'], style: Style): void {
  const spec = opSpecs.find((each) => each.op === op) as OpSpec;
  const oracle = oracles[op];
  const rounds = ROUNDS + (/^(matmul|linear|sparse)/.test(op) ? BLOCKED_SIZES.length : 0);
  for (let round = 0; round < rounds; round++) {
    const call = createCall(spec, oracle, style, round);
    const { returned = Number.NaN, outputs } = run(device, call);
    const numbers = toNumbers(spec, outputs);
    const isInteger = (name: string) => name === 'seed' || name === 'stream' || name === 'step' || name === 'bound';
    const scalars = Object.entries(call.scalars).map(([name, x]) => [name, isInteger(name) ? x : Math.fround(x)]);
    const values = { ...call.sizes, ...Object.fromEntries(scalars) };
    const units = style === 'real' ? (oracle.units?.(values) ?? 0) : 0;
    for (const [name, want] of Object.entries(oracle.of(values, toNumbers(spec, call.inputs)))) {
      const got = name === 'returned' ? [returned] : numbers[name];
      const { excess, element } = worstExcess(got, want, units);
      expect(excess, `${name} of ${JSON.stringify(values)}, ${element}`).toBeLessThanOrEqual(0);
    }
  }
}

test('every op has a formula in packages/kernels/test/oracles/', () => {
  const ops = opSpecs.map(({ op }) => op);
  const missing = ops.filter((op) => !oracles[op]);
  expect(missing, 'ops without a formula in packages/kernels/test/oracles/').toEqual([]);
  expect(Object.keys(oracles).sort()).toEqual(ops.sort());
});

const ops = Object.keys(oracles) as OpSpec['op'][];

test.each(ops)('%s is within its rounding error', (op) => check(op, 'real'));

test.each(ops.filter((op) => oracles[op].isPolynomial))('%s is exact for small integers', (op) => check(op, 'integer'));
