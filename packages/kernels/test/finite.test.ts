// One number that is not finite, at each place of every short array: no sum of specials hides it.
import { describe, expect, test } from 'vitest';
import { availableVariants, loadDevice } from '../src/index.ts';
import { callArguments, isArray, type OpSpec, opSpecs } from '../src/op-specs.ts';

const LENGTHS = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 67];
const rules = opSpecs.filter(({ arguments: all }) => all.some(({ name }) => name === 'g'));

describe.each(availableVariants())('%s', async (variant) => {
  const { arena, kernels } = await loadDevice({ variant, bytes: 2 ** 20 });

  /** Calls a rule on n parameters, all ones but for the gradient at one place. */
  function step(row: OpSpec, n: number, at: number, gradient: number): number {
    const mark = arena.mark();
    const pointers: Record<string, number> = {};
    for (const argument of row.arguments) {
      if (!isArray(argument)) continue;
      const pointer = arena.allocate(4 * n);
      arena.f32(pointer, n).fill(1);
      if (argument.name === 'g') arena.f32(pointer, n)[at] = gradient;
      pointers[argument.name] = pointer;
    }
    const scalars = Object.fromEntries(
      row.arguments.flatMap((a) => (a.kind === 'scalar' ? [[a.name, a.values[0] as number]] : [])),
    );
    const call = kernels[row.op] as (...all: number[]) => number;
    const finite = call(...callArguments(row, { n }, scalars, pointers));
    arena.release(mark);
    return finite;
  }

  test.each(rules)('$op says so, wherever it is', (row) => {
    for (const n of LENGTHS) {
      expect(step(row, n, 0, 1)).toBe(1);
      for (let at = 0; at < n; at++) expect(step(row, n, at, Number.NaN), `${at} of ${n}`).toBe(0);
    }
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('firstNonFinite finds %d', (value) => {
    for (const n of LENGTHS) {
      const x = arena.allocate(4 * n);
      const floats = arena.f32(x, n).fill(-3e38);
      expect(kernels.firstNonFinite(n, x)).toBe(-1);
      for (let at = n - 1; at >= 0; at--) {
        floats[at] = value;
        expect(kernels.firstNonFinite(n, x), `${at} of ${n}`).toBe(at);
      }
    }
  });
});
