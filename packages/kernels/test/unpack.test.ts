// Modules as they are shipped come back as the compiler wrote them.
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import * as scalar from '../src/generated/scalar.ts';
import * as simd from '../src/generated/simd128.ts';
import { type PackedWasm, unpack } from '../src/runtime/unpack.ts';

describe.each([
  ['scalar', scalar],
  ['simd128', simd],
] as [string, PackedWasm][])('%s', (variant, module) => {
  test.each([
    ['the streams of the engine', undefined],
    ['node:zlib', (packed: Uint8Array) => new Uint8Array(gunzipSync(packed))],
  ])('is unpacked by %s', async (_, gunzip) => {
    const written = await readFile(new URL(`../dist/${variant}.wasm`, import.meta.url));
    expect(written.equals(await unpack(module, gunzip))).toBe(true);
  });
});
