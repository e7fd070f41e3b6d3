// Sparse products have the bits of dense products if all numbers are finite.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { availableVariants, type Device, loadDevice } from '../src/index.ts';

const devices = await Promise.all(availableVariants().map((variant) => loadDevice({ variant, bytes: 4 * 2 ** 20 })));

const problems = fc.record({
  m: fc.integer({ min: 1, max: 20 }),
  n: fc.integer({ min: 1, max: 60 }),
  k: fc.integer({ min: 1, max: 40 }),
  seed: fc.integer({ min: 0, max: 1e6 }),
  density: fc.constantFrom(0, 0.1, 0.5, 1),
});

/** Allocates normal numbers, of which about 1 − density are replaced by +0 or −0. */
function allocateMatrix({ arena, kernels }: Device, size: number, seed: number, stream: number, density = 1): number {
  const [x, mask] = [arena.allocate(4 * size), arena.allocate(4 * size)];
  kernels.randomNormal(size, seed, stream, 0, 0, 1, x);
  kernels.randomUniform(size, seed, stream, 1, 0, 1, mask);
  const [values, uniform] = [arena.f32(x, size), arena.f32(mask, size)];
  for (let i = 0; i < size; i++) if (uniform[i] >= density) values[i] = i % 2 ? 0 : -0;
  return x;
}

test.each(devices)('$variant: forward pass and weight gradient', (device) => {
  const { arena, kernels } = device;
  const property = fc.property(problems, ({ m, n, k, seed, density }) => {
    const mark = arena.mark();
    const [x, w] = [allocateMatrix(device, m * k, seed, 1, density), allocateMatrix(device, k * n, seed, 2)];
    const [bias, dy] = [allocateMatrix(device, n, seed, 3, 0.5), allocateMatrix(device, m * n, seed, 4, 0.5)];
    const capacity = m + 3;
    const allocate = (...counts: number[]) => counts.map((count) => arena.allocate(4 * count));
    const [counts, entries, columnCounts, columnEntries] = allocate(m, 2 * m * k, k, 2 * k * capacity);
    const [y, sparseY, dw, sparseDw] = allocate(m * n, m * n, k * n, k * n);
    kernels.linear(m, n, k, 1, x, w, bias, y);
    kernels.matmulTN(k, n, m, x, dy, dw);
    kernels.compressRows(m, k, x, counts, entries);
    kernels.sparseLinear(m, n, k, 1, counts, entries, w, bias, sparseY);
    kernels.compressColumns(m, k, capacity, counts, entries, columnCounts, columnEntries);
    kernels.sparseMatmul(k, n, capacity, columnCounts, columnEntries, dy, sparseDw);
    const isSame = (a: number, b: number, count: number) =>
      Buffer.compare(arena.u8(a, 4 * count), arena.u8(b, 4 * count)) === 0;
    expect([isSame(sparseY, y, m * n), isSame(sparseDw, dw, k * n)]).toEqual([true, true]);
    arena.release(mark);
  });
  fc.assert(property, { numRuns: 200 });
});
