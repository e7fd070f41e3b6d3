// The arena and the loader: what they give, and how they refuse.
import { describe, expect, test, vi } from 'vitest';
import { Arena, availableVariants, loadDevice, type Variant } from '../src/index.ts';
import { opSpecs } from '../src/op-specs.ts';

describe('Arena', () => {
  test('hands out zeroed, aligned, disjoint places and takes them back', () => {
    const arena = new Arena(2 ** 16);
    const a = arena.allocate(5);
    arena.u8(a, 5).fill(7);
    const mark = arena.mark();
    const b = arena.allocate(12);
    expect([a % 16, b % 16, b - a]).toEqual([0, 0, 16]);
    arena.f32(b, 3).fill(9);
    arena.release(mark);
    expect([...arena.f32(arena.allocate(12), 3)]).toEqual([0, 0, 0]);
  });

  test('grows where its capacity is exceeded', () => {
    const arena = new Arena(2 ** 16);
    const first = arena.allocate(4);
    arena.f32(first, 1)[0] = 3;
    const far = arena.allocate(2 ** 20);
    arena.f32(far, 2 ** 18).fill(1);
    expect(arena.f32(first, 1)[0]).toBe(3);
  });

  test('addresses beyond 2 GiB', () => {
    const arena = new Arena(2 ** 31 + 2 ** 20);
    arena.allocate(16);
    const mark = arena.mark();
    const gap = 2 ** 31 - mark;
    arena.release(mark);
    const far = mark + gap + 64;
    arena.f32(far, 1)[0] = 2.5;
    expect(arena.f32(far, 1)[0]).toBe(2.5);
  });

  test('says how much was wanted where the engine gives no more', () => {
    const arena = new Arena(2 ** 16);
    arena.allocate(1024);
    arena.memory.grow = () => {
      throw new RangeError('refused');
    };
    expect(() => arena.allocate(2 ** 20)).toThrow(/room for 1048576 more bytes beside the 1024 in use/);
    expect(arena.used).toBe(1024);
  });

  test.each([
    ['more than 4 GiB', () => new Arena(2 ** 33), /at most 4 GiB/],
    [
      'a fraction of a byte',
      () => new Arena(2 ** 16).allocate(1.5),
      /bytes to be a whole number from 0 to \d+ but got 1.5/,
    ],
    ['more than can grow', () => new Arena(2 ** 16).allocate(2 ** 32), /4 GiB|cannot grow/],
    ['a mark from elsewhere', () => new Arena(2 ** 16).release(9_999_999), /expected mark to be a whole number from/],
  ])('refuses %s', (_, act, message) => {
    expect(act).toThrow(message);
  });
});

describe('loadDevice', () => {
  test('refuses a machine that keeps the high byte first', async () => {
    const of = vi.spyOn(Uint32Array, 'of').mockReturnValue(new Uint32Array([2 ** 24]));
    await expect(loadDevice({ bytes: 2 ** 16 })).rejects.toThrow('[loadDevice] expected a little-endian machine');
    of.mockRestore();
  });

  test('takes simd128 here', async () => {
    expect((await loadDevice({ bytes: 2 ** 16 })).variant).toBe('simd128');
    expect(availableVariants()[0]).toBe('simd128');
  });

  test.each(availableVariants())('%s adds', async (variant) => {
    const { arena, kernels } = await loadDevice({ variant, bytes: 2 ** 16 });
    const x = arena.allocate(20);
    arena.f32(x, 5).set([1, 2, 3, 4, 5]);
    kernels.add(5, x, x, x);
    expect([...arena.f32(x, 5)]).toEqual([2, 4, 6, 8, 10]);
    expect(kernels.sum(5, x)).toBe(30);
  });

  test.each(availableVariants())('%s has every op of the declaration', async (variant) => {
    const { kernels } = await loadDevice({ variant, bytes: 2 ** 16 });
    expect(opSpecs.map(({ op }) => op).filter((op) => typeof kernels[op] !== 'function')).toEqual([]);
  });

  test('names the variants where one is unknown', async () => {
    await expect(loadDevice({ variant: 'avx' as Variant })).rejects.toThrow(
      /expected variant to be simd128 or .* but got "avx"/,
    );
  });
});
