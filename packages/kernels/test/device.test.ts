// The arena, the loader, and the unpacking of wasm modules.
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import * as scalar from '../src/generated/scalar.ts';
import * as simd128 from '../src/generated/simd128.ts';
import { Arena, availableVariants, loadDevice, type Variant } from '../src/index.ts';
import { unpack } from '../src/runtime/device.ts';

describe('Arena', () => {
  test('allocates zeroed, aligned, disjoint memory and releases it', () => {
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

  test('grows if its capacity is exceeded', () => {
    const arena = new Arena(2 ** 16);
    const first = arena.allocate(4);
    arena.f32(first, 1)[0] = 3;
    arena.f32(arena.allocate(2 ** 20), 2 ** 18).fill(1);
    expect(arena.f32(first, 1)[0]).toBe(3);
  });

  test('has memory above 2 GiB', () => {
    const arena = new Arena(2 ** 31 + 2 ** 20);
    const pointer = 2 ** 31 + 64;
    arena.f32(pointer, 1)[0] = 2.5;
    expect(arena.f32(pointer, 1)[0]).toBe(2.5);
  });

  test('reports the required bytes if the engine refuses to grow', () => {
    const arena = new Arena(2 ** 16);
    arena.allocate(1024);
    vi.spyOn(arena.memory, 'grow').mockImplementation(() => {
      throw new RangeError('refused');
    });
    expect(() => arena.allocate(2 ** 20)).toThrow(/1048576 bytes, with 1024 in use/);
    expect(arena.used).toBe(1024);
  });

  test.each([
    ['more than 4 GiB', () => new Arena(2 ** 33), '4 GiB'],
    ['a fraction of a byte', () => new Arena(2 ** 16).allocate(1.5), 'bytes'],
    ['more than it can grow', () => new Arena(2 ** 16).allocate(2 ** 32), /4 GiB|cannot grow/],
    ['a mark of another arena', () => new Arena(2 ** 16).release(9_999_999), 'mark'],
    ['a view outside the memory', () => new Arena(2 ** 16).f32(0, 2 ** 30), 'pointer and length'],
  ])('rejects %s', (_, act, message) => {
    expect(act).toThrow(message);
  });
});

describe('loadDevice', () => {
  test('rejects a big-endian machine', async () => {
    const of = vi.spyOn(Uint32Array, 'of').mockReturnValue(new Uint32Array([2 ** 24]));
    await expect(loadDevice({ bytes: 2 ** 16 })).rejects.toThrow('little-endian');
    of.mockRestore();
  });

  test('rejects an unknown variant', async () => {
    await expect(loadDevice({ variant: 'avx' as Variant })).rejects.toThrow('avx');
  });

  test('chooses simd128 by default', async () => {
    expect((await loadDevice({ bytes: 2 ** 16 })).variant).toBe('simd128');
    expect(availableVariants()[0]).toBe('simd128');
  });
});

describe.each([
  ['scalar', scalar],
  ['simd128', simd128],
])('unpack returns the compiled module of %s', (variant, module) => {
  test.each([
    ['with the streams of the engine', undefined],
    ['with node:zlib', (packed: Uint8Array) => new Uint8Array(gunzipSync(packed))],
  ])('%s', async (_, gunzip) => {
    const compiled = await readFile(new URL(`../dist/${variant}.wasm`, import.meta.url));
    expect(compiled.equals(await unpack(module, gunzip))).toBe(true);
  });
});
