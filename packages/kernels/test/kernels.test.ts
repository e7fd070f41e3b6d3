// Every op of every variant against the reference, bit for bit, over random shapes and values.
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Device, loadDevice, type Variant } from '../src/index.ts';
import { type OpSpec, opSpecs } from '../src/op-specs.ts';
import { type Call, fillFloats, isSame, type Outcome, run } from './bits.ts';
import { callsOf, inBlocks, words } from './calls.ts';

/** Bytes at the beginning of memory that no call may change. */
const KERNELS_OWN = 0x8000;
const COMPILED: Variant[] = ['scalar', 'simd128'];

const devices = new Map<Variant, Device>();
beforeAll(async () => {
  for (const variant of ['reference', ...COMPILED] as Variant[]) {
    devices.set(variant, await loadDevice({ variant, bytes: 8 * 2 ** 20 }));
  }
});

test('every op has a specification', () => {
  const { kernels } = devices.get('reference') as Device;
  const missing = Object.keys(kernels).filter((name) => !opSpecs.some(({ op }) => op === name));
  expect(missing, 'add the op to packages/kernels/src/op-specs.ts').toEqual([]);
});

test.each(COMPILED)('%s exports every op', (variant) => {
  const { kernels } = devices.get(variant) as Device;
  const missing = opSpecs.map(({ op }) => op).filter((op) => !(op in kernels));
  expect(missing, 'export the op in packages/kernels/assembly/index.ts, then run npm run build').toEqual([]);
});

/** The matcher of arrays is slow: it is asked only for what it says where they differ. */
function agree(got: Outcome, want: Outcome): void {
  if (!isSame(got, want)) expect(got).toEqual(want);
}

describe.each(COMPILED)('%s gives the bits of reference', (variant) => {
  test.each(opSpecs)('$op', (row) => {
    const reference = devices.get('reference') as Device;
    const device = devices.get(variant) as Device;
    fc.assert(
      fc.property(callsOf(row), (call) => {
        agree(run(device, call), run(reference, call));
      }),
      { numRuns: 150 },
    );
  });
});

describe.each(COMPILED)('%s gives the bits of reference in blocks', (variant) => {
  test.each(inBlocks)('$row.op $sizes', (call) => {
    agree(run(devices.get(variant) as Device, call), run(devices.get('reference') as Device, call));
  });
});

// Addresses are unsigned: beyond 2 GiB they are negative to JavaScript's 32-bit operators, and to a careless kernel.
describe.each([2 ** 31, 2 ** 32 - 2 ** 21])('around address %d', (boundary) => {
  test.each(['reference', ...COMPILED] as Variant[])('%s gives the bits of reference', async (variant) => {
    const far = await loadDevice({ variant, bytes: boundary + 2 ** 20 });
    const { arena } = far;
    arena.allocate(boundary - 8192 - arena.allocate(0));
    const mark = arena.mark();
    for (const row of opSpecs) {
      const property = fc.property(callsOf(row), fc.constantFrom(0, 7168, 8064, 8176), (call, skipped) => {
        arena.allocate(skipped);
        agree(run(far, call), run(devices.get('reference') as Device, call));
        arena.release(mark);
      });
      fc.assert(property, { numRuns: 6 });
    }
  });
});

test.each(COMPILED)('%s leaves all other memory alone', async (variant) => {
  const device = await loadDevice({ variant, bytes: 2 ** 20 });
  const { arena } = device;
  // The kernels' constants lie below their tables of rows; above the arrays is nothing.
  const constants = arena.u8(0, KERNELS_OWN).slice();
  for (const row of opSpecs) {
    const calls = fc.sample(callsOf(row), { numRuns: 20, seed: 1 });
    for (const call of calls.filter(({ sizes }) => Object.values(sizes).every((size) => size <= 128)))
      run(device, call);
    expect(
      arena.u8(0, KERNELS_OWN).every((byte, i) => byte === constants[i]),
      `constants after ${row.op}`,
    ).toBe(true);
  }
  const above = new Uint32Array(arena.memory.buffer, 2 * 65_536 + 2 ** 20);
  expect(above.every((word) => word === 0)).toBe(true);
});

test('the table has every op of the reference, once', () => {
  const reference = devices.get('reference') as Device;
  expect(opSpecs.map((row) => row.op).sort()).toEqual(Object.keys(reference.kernels).sort());
});

test('a wrong kernel is seen', () => {
  const reference = devices.get('reference') as Device;
  const wrong: Device = {
    ...reference,
    kernels: {
      ...reference.kernels,
      add: (n, a, b, out) => {
        reference.kernels.add(n, a, b, out);
        if (n > 0) reference.arena.f32(out, n)[n - 1] += 2 ** -20;
      },
    },
  };
  const row = opSpecs.find((c) => c.op === 'add') as OpSpec;
  const call: Call = {
    row,
    sizes: { n: 5 },
    scalars: {},
    contents: { a: fillFloats(words(1, 5), 'probability'), b: fillFloats(words(2, 5), 'probability') },
  };
  expect(run(wrong, call)).not.toEqual(run(reference, call));
});

test('a write outside the output is seen', () => {
  const reference = devices.get('reference') as Device;
  const wrong: Device = {
    ...reference,
    kernels: { ...reference.kernels, fill: (n, value, out) => reference.kernels.fill(n + 1, value, out) },
  };
  const row = opSpecs.find((c) => c.op === 'fill') as OpSpec;
  expect(() => run(wrong, { row, sizes: { n: 4 }, scalars: { value: 1 }, contents: {} })).toThrow('wrote outside');
});
