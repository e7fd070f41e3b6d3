// Passing over zeros gives the bits of the dense products wherever the weights are finite.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { availableVariants, type Device, loadDevice } from '../src/index.ts';

const variants = availableVariants();
const devices = await Promise.all(variants.map((variant) => loadDevice({ variant, bytes: 4 * 2 ** 20 })));

interface Shape {
  m: number;
  n: number;
  k: number;
  seed: number;
  density: number;
}

const shapes: fc.Arbitrary<Shape> = fc.record({
  m: fc.integer({ min: 1, max: 20 }),
  n: fc.integer({ min: 1, max: 60 }),
  k: fc.integer({ min: 1, max: 40 }),
  seed: fc.integer({ min: 0, max: 1e6 }),
  density: fc.constantFrom(0, 0.1, 0.5, 1),
});

/** A matrix of which about 1 − density is +0 or −0. */
function matrix({ arena, kernels }: Device, size: number, stream: number, { seed, density }: Shape): number {
  const x = arena.allocate(4 * size);
  const keep = arena.allocate(4 * size);
  kernels.randomNormal(size, seed, stream, 0, 0, 1, x);
  kernels.randomUniform(size, seed, stream, 1, 0, 1, keep);
  const [values, kept] = [arena.f32(x, size), arena.f32(keep, size)];
  for (let i = 0; i < size; i++) if ((kept[i] as number) >= density) values[i] = i % 2 ? 0 : -0;
  return x;
}

function products(device: Device, shape: Shape): { dense: Uint32Array[]; sparse: Uint32Array[] } {
  const { arena, kernels } = device;
  const { m, n, k } = shape;
  const mark = arena.mark();
  const x = matrix(device, m * k, 1, shape);
  const w = matrix(device, k * n, 2, { ...shape, density: 1 });
  const bias = matrix(device, n, 3, { ...shape, density: 0.5 });
  const dy = matrix(device, m * n, 4, { ...shape, density: 0.5 });
  const capacity = m + 3;
  const [counts, entries] = [arena.allocate(4 * m), arena.allocate(8 * m * k)];
  const [columnCounts, columnEntries] = [arena.allocate(4 * k), arena.allocate(8 * k * capacity)];
  const [y, z] = [arena.allocate(4 * m * n), arena.allocate(4 * m * n)];
  const [dw, dz] = [arena.allocate(4 * k * n), arena.allocate(4 * k * n)];
  kernels.linear(m, n, k, 1, x, w, bias, y);
  kernels.matmulTN(k, n, m, x, dy, dw);
  kernels.compressRows(m, k, x, counts, entries);
  kernels.sparseLinear(m, n, k, 1, counts, entries, w, bias, z);
  kernels.compressColumns(m, k, capacity, counts, entries, columnCounts, columnEntries);
  kernels.sparseMatmul(k, n, capacity, columnCounts, columnEntries, dy, dz);
  const bits = (pointer: number, size: number) => new Uint32Array(arena.memory.buffer, pointer, size).slice();
  const result = { dense: [bits(y, m * n), bits(dw, k * n)], sparse: [bits(z, m * n), bits(dz, k * n)] };
  arena.release(mark);
  return result;
}

test.each(devices)('$variant: lists and dense products agree bit for bit', (device) => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const { dense, sparse } = products(device, shape);
      expect(sparse).toEqual(dense);
    }),
    { numRuns: 200 },
  );
});

test.each(devices)('$variant: an update says when a parameter is no longer finite', ({ arena, kernels }) => {
  const mark = arena.mark();
  for (const n of [1, 3, 4, 5, 64, 67]) {
    for (let bad = 0; bad < n; bad++) {
      const [g, w] = [arena.allocate(4 * n), arena.allocate(4 * n)];
      arena.f32(g, n).fill(1);
      expect(kernels.sgd(n, 0.1, 0, g, w)).toBe(1);
      arena.f32(g, n)[bad] = [Infinity, Number.NaN, 3e38][bad % 3] as number;
      expect(kernels.sgd(n, 1e6, 0, g, w)).toBe(0);
      arena.release(mark);
    }
  }
});
