// Every op of the WebAssembly builds against the reference, bit for bit, at random sizes and values.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { availableVariants, type Device, type Kernels, loadDevice } from '../src/index.ts';
import { isArray, type OpSpec, opSpecs } from '../src/op-specs.ts';
import { blockedCalls, type Call, isSame, type Outcome, randomCalls, randomInputs, run } from './calls.ts';

/** Bytes at the start of the memory that no call may change: the constants of the kernels. */
const CONSTANT_BYTES = 0x8000;
const variants = availableVariants();
const compiled = variants.filter((variant) => variant !== 'reference');
const load = (variant: Device['variant']) => loadDevice({ variant, bytes: 8 * 2 ** 20 });
const reference = await load('reference');
const devices = await Promise.all(compiled.map(load));

/** `toEqual` is slow on arrays, so it only runs to describe a difference. */
function expectSame(got: Outcome, want: Outcome): void {
  if (!isSame(got, want)) expect(got).toEqual(want);
}

test('every op has a specification', () => {
  const missing = Object.keys(reference.kernels).filter((name) => !opSpecs.some(({ op }) => op === name));
  expect(missing, 'add the op to packages/kernels/src/op-specs.ts').toEqual([]);
});

test.each([reference, ...devices])('$variant has every op', ({ kernels }) => {
  const missing = opSpecs.map(({ op }) => op).filter((op) => typeof kernels[op] !== 'function');
  const hint = 'export the op in packages/kernels/assembly/index.ts and src/reference/index.ts, then run npm run build';
  expect(missing, hint).toEqual([]);
});

describe.each(devices)('$variant has the bits of the reference', (device) => {
  test.each(opSpecs)('$op', (spec) => {
    const property = fc.property(randomCalls(spec), (call) => expectSame(run(device, call), run(reference, call)));
    fc.assert(property, { numRuns: 150 });
  });

  test.each(blockedCalls)('$spec.op in blocks, $sizes', (call) => {
    expectSame(run(device, call), run(reference, call));
  });

  test('no op changes the constants or the memory after its arrays', async () => {
    const bytes = 2 ** 20;
    const { arena, ...other } = await loadDevice({ variant: device.variant, bytes });
    const constants = arena.u8(0, CONSTANT_BYTES).slice();
    for (const spec of opSpecs) {
      for (const call of fc.sample(randomCalls(spec), { numRuns: 20, seed: 1 })) {
        if (Object.values(call.sizes).every((size) => size <= 128)) run({ arena, ...other }, call);
      }
      expect(Buffer.compare(arena.u8(0, CONSTANT_BYTES), constants), spec.op).toBe(0);
    }
    expect(arena.u8(bytes, arena.memory.buffer.byteLength - bytes).every((byte) => byte === 0)).toBe(true);
  });
});

// Pointers are unsigned. Above 2 GiB they are negative to the 32-bit operators of JavaScript.
describe.each([2 ** 31, 2 ** 32 - 2 ** 21])('around address %d', (boundary) => {
  test.each(variants)('%s has the bits of the reference', async (variant) => {
    const device = await loadDevice({ variant, bytes: boundary + 2 ** 20 });
    const { arena } = device;
    arena.allocate(boundary - 8192 - arena.allocate(0));
    const mark = arena.mark();
    for (const spec of opSpecs) {
      const property = fc.property(randomCalls(spec), fc.constantFrom(0, 7168, 8064, 8176), (call, skipped) => {
        arena.allocate(skipped);
        expectSame(run(device, call), run(reference, call));
        arena.release(mark);
      });
      fc.assert(property, { numRuns: 6 });
    }
  });
});

describe('one NaN or infinity at each index of short arrays', () => {
  const LENGTHS = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 67];
  const rules = opSpecs.filter(({ arguments: all }) => all.some(({ name }) => name === 'g'));

  /** Calls an update rule on n parameters. All numbers are 1, except the gradient at one index. */
  function step(device: Device, spec: OpSpec, n: number, index: number, gradient: number): number | undefined {
    const ones = new Float32Array(n).fill(1);
    const g = ones.with(index, gradient);
    const inputs = spec.arguments
      .filter(isArray)
      .map(({ name }) => [name, new Uint8Array((name === 'g' ? g : ones).buffer)]);
    const scalars = spec.arguments.flatMap((a) => (a.kind === 'scalar' ? [[a.name, a.values[0]]] : []));
    const call = { spec, sizes: { n }, scalars: Object.fromEntries(scalars), inputs: Object.fromEntries(inputs) };
    return run(device, call).returned;
  }

  describe.each([reference, ...devices])('$variant', (device) => {
    test.each(rules)('$op returns 0', (spec) => {
      for (const n of LENGTHS) {
        expect(step(device, spec, n, 0, 1)).toBe(1);
        for (let i = 0; i < n; i++) expect(step(device, spec, n, i, [NaN, Infinity][i % 2]), `${i} of ${n}`).toBe(0);
      }
    });

    test.each([NaN, Infinity, -Infinity])('firstNonFinite finds %d', (value) => {
      const { arena, kernels } = device;
      for (const n of LENGTHS) {
        const x = arena.allocate(4 * n);
        const floats = arena.f32(x, n).fill(-3e38);
        expect(kernels.firstNonFinite(n, x)).toBe(-1);
        for (let i = n - 1; i >= 0; i--) {
          floats[i] = value;
          expect(kernels.firstNonFinite(n, x), `${i} of ${n}`).toBe(i);
        }
      }
    });
  });
});

describe('these tests find', () => {
  const withKernels = (kernels: Partial<Kernels>): Device => ({
    ...reference,
    kernels: { ...reference.kernels, ...kernels },
  });
  const callOf = (op: keyof Kernels): Call => {
    const spec = opSpecs.find((each) => each.op === op) as OpSpec;
    return { spec, sizes: { n: 5 }, scalars: { value: 1 }, inputs: randomInputs(spec, { n: 5 }, 1, 'real') };
  };

  test('a wrong last element', () => {
    const add: Kernels['add'] = (n, a, b, out) => {
      reference.kernels.add(n, a, b, out);
      if (n > 0) reference.arena.f32(out, n)[n - 1] += 2 ** -20;
    };
    expect(isSame(run(withKernels({ add }), callOf('add')), run(reference, callOf('add')))).toBe(false);
  });

  test.each<[string, Partial<Kernels>, keyof Kernels]>([
    ['after the output', { fill: (n, value, out) => reference.kernels.fill(n + 1, value, out) }, 'fill'],
    ['to an input', { add: (n, a, b) => reference.kernels.add(n, a, b, a) }, 'add'],
  ])('a write %s', (_, kernels, op) => {
    expect(() => run(withKernels(kernels), callOf(op))).toThrow('wrote outside');
  });
});
