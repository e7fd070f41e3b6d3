// Safetensors: files of PyTorch, written files, and rejection of invalid files.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readSafetensors, type Safetensors, savedFloats, toFloats, writeSafetensors } from '../../src/formats/index.ts';
import { DataError } from '../../src/index.ts';

const text = new TextEncoder();

/** Creates a file from a header, as text or as an object. */
function createFile(header: string | object, body: Uint8Array | number[] = [], length?: number): Uint8Array {
  const bytes = typeof header === 'string' ? text.encode(header) : text.encode(JSON.stringify(header));
  const file = new Uint8Array(8 + bytes.length + body.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(length ?? bytes.length), true);
  file.set(bytes, 8);
  file.set(body, 8 + bytes.length);
  return file;
}

const entry = (shape: readonly unknown[], begin: unknown, end: unknown, dtype: unknown = 'F32') => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

const sample: Safetensors = {
  tensors: new Map([
    ['0.weight', savedFloats([2, 3], Float32Array.of(1, -2, 0.5, Number.NaN, -0, 3e38))],
    ['0.bias', savedFloats([3], Float32Array.of(1e-45, 2, 3))],
    ['nothing', savedFloats([0, 4], new Float32Array())],
    ['scalar', savedFloats([], Float32Array.of(7))],
    ['무게 "\\"', savedFloats([1], Float32Array.of(8))],
    ['10', savedFloats([1], Float32Array.of(9))],
    ['2', savedFloats([1], Float32Array.of(10))],
  ]),
  metadata: { format: 'descent-model/1', note: 'a "note"\n', ['__proto__']: 'harmless' } as unknown as Record<
    string,
    string
  >,
};

describe('a written file', () => {
  const file = writeSafetensors(sample);

  test('is read back and written again to the same bytes', () => {
    const back = readSafetensors(file);
    expect([...back.tensors.keys()]).toEqual([...sample.tensors.keys()]);
    for (const [name, { dtype, shape, bytes }] of sample.tensors) {
      expect(back.tensors.get(name)).toMatchObject({ dtype, shape });
      expect(Buffer.compare(back.tensors.get(name)?.bytes ?? text.encode('none'), bytes), name).toBe(0);
    }
    expect(back.metadata).toEqual(sample.metadata);
    expect(Buffer.compare(writeSafetensors(back), file)).toBe(0);
  });

  test('can be read at any offset of a buffer', () => {
    const padded = new Uint8Array(file.length + 3);
    padded.set(file, 3);
    const { tensors } = readSafetensors(padded.subarray(3));
    expect([...toFloats(tensors.get('0.bias') as never, { file: 'f', name: 'n' })]).toEqual([Math.fround(1e-45), 2, 3]);
  });

  test('is rejected if it is cut at any byte or has one more', () => {
    for (let length = 0; length < file.length; length++) {
      expect(() => readSafetensors(file.subarray(0, length)), `${length} bytes`).toThrow(DataError);
    }
    expect(() => readSafetensors(Buffer.concat([file, Buffer.of(0)]))).toThrow(
      /52 bytes of tensors, as the header says but got 53/,
    );
  });

  test('has no __metadata__ without metadata', () => {
    const tensors = new Map([['a', savedFloats([1], Float32Array.of(1))]]);
    const bare = writeSafetensors({ tensors, metadata: {} });
    expect(new TextDecoder().decode(bare)).not.toContain('__metadata__');
    expect(readSafetensors(bare).metadata).toEqual({});
  });

  test('can have empty tensors where others begin, in any order', () => {
    const header = { b: entry([1], 0, 4), a: entry([0], 0, 0), d: entry([0], 4, 4), c: entry([1], 4, 8) };
    const { tensors } = readSafetensors(createFile(header, zeros(8)));
    expect([...tensors].map(([name, { bytes }]) => [name, bytes.length])).toEqual([
      ['a', 0],
      ['b', 4],
      ['d', 0],
      ['c', 4],
    ]);
  });

  test.each<[string, string, number[], number, RegExp]>([
    ['another number of bytes', 'a', [2, 3], 4, /^\[safetensors\] expected the bytes of F32 \[2, 3\] for a but got 4$/],
    ['the name of the metadata', '__metadata__', [1], 4, /expected the name of a tensor but got "__metadata__"/],
    ['half a pair of surrogates', '\ud800', [1], 4, /expected the name of a tensor but got "\\ud800"/],
  ])('%s is rejected', (_, name, shape, bytes, message) => {
    const tensors = new Map([[name, { dtype: 'F32' as const, shape, bytes: new Uint8Array(bytes) }]]);
    expect(() => writeSafetensors({ tensors, metadata: {} })).toThrow(RangeError);
    expect(() => writeSafetensors({ tensors, metadata: {} })).toThrow(message);
  });
});

const deep = '['.repeat(100_000) + ']'.repeat(100_000);

/** Creates a file of zeros with a header length of more than 100 MB. */
function longHeader(): Uint8Array {
  const file = new Uint8Array(100_000_009);
  new DataView(file.buffer).setUint32(0, 100_000_001, true);
  return file;
}

const zeros = (count: number) => new Uint8Array(count);

test.each<[string, Uint8Array, RegExp]>([
  ['nothing', zeros(0), /eight bytes of length but got 0 bytes/],
  ['a header longer than the file', createFile('{}', [], 3), /at most 2 bytes but got a length of 3/],
  ['a header of 2⁶³ bytes', Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0x80, 0x7b, 0x7d), /a length of 9223372036854775808/],
  ['a header of more than 100 MB', longHeader(), /at most 100000000 bytes but got a length of 100000001/],
  ['a header that is not UTF-8', createFile('{}', []).map((byte, at) => (at === 8 ? 0xff : byte)), /UTF-8/],
  ['a byte order mark', createFile('\ufeff{}'), /a JSON object/],
  ['a header that is not JSON', createFile('{"a":}'), /JSON object in UTF-8/],
  ['bytes without tensors', createFile('{}', [1]), /0 bytes of tensors, as the header says but got 1/],
  [
    'a name twice',
    createFile(
      '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}',
      [1, 2],
    ),
    /each name once/,
  ],
  [
    'a name twice in another spelling',
    createFile(
      '{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\\u0061" : {"dtype":"U8","shape":[0],"data_offsets":[0,0]}}',
    ),
    /each name once/,
  ],
  ['half a pair of surrogates', createFile('{"\\ud800":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}'), /Unicode/],
  ['a tensor that is null', createFile({ a: null }), /entry of a tensor but got null/],
  ['a field too many', createFile({ a: { ...entry([1], 0, 4), more: 1 } }, zeros(4)), /but got "more"/],
  [
    'no dtype',
    createFile({ a: { shape: [1], data_offsets: [0, 4] } }, zeros(4)),
    /dtype of "a" that is known but got nothing/,
  ],
  ['an unknown dtype', createFile({ a: entry([1], 0, 4, 'F31') }, zeros(4)), /got "F31"/],
  ['a very long dtype', createFile({ a: entry([1], 0, 4, 'F'.repeat(1e5)) }, zeros(4)), /but got "F{59}…$/],
  ['a shape that is a number', createFile({ a: entry(1 as never, 0, 4) }, zeros(4)), /whole numbers of "a" but got 1/],
  ['a negative length', createFile({ a: entry([-1], 0, 4) }, zeros(4)), /whole numbers/],
  [
    'a length beyond 2⁵³',
    createFile('{"a":{"dtype":"U8","shape":[9007199254740993],"data_offsets":[0,1]}}', [1]),
    /whole numbers/,
  ],
  ['null as an offset', createFile({ a: entry([1], 0, Number.NaN) }, zeros(4)), /two data_offsets/],
  [
    'offsets at 2⁵³',
    createFile('{"a":{"dtype":"U8","shape":[0],"data_offsets":[9007199254740992,9007199254740992]}}'),
    /two data_offsets/,
  ],
  ['arrays in arrays, 100,000 deep', createFile(`{"a":${deep}}`), /entry of a tensor but got \["…"\]/],
  ['three offsets', createFile({ a: { dtype: 'U8', shape: [1], data_offsets: [0, 1, 1] } }, [1]), /two data_offsets/],
  ['descending offsets', createFile({ a: entry([1], 4, 0) }, zeros(4)), /to have 4 bytes but got -4/],
  [
    'fewer bytes than the shape',
    createFile({ a: entry([2, 2], 0, 12) }, zeros(12)),
    /\[2,2\] to have 16 bytes but got 12/,
  ],
  ['a product beyond 2⁶⁴', createFile({ a: entry([2 ** 40, 2 ** 40, 0], 0, 0) }), /to have Infinity bytes/],
  ['a tensor beyond the file', createFile({ a: entry([2], 0, 8) }, zeros(4)), /within 4 but got 0 to 8/],
  ['a gap between', createFile({ a: entry([1], 0, 4), b: entry([1], 8, 12) }, zeros(12)), /begin at byte 4/],
  ['an overlap', createFile({ a: entry([2], 0, 8), b: entry([1], 4, 8) }, zeros(8)), /begin at byte 8/],
  ['metadata of numbers', createFile({ __metadata__: { step: 1 } }), /__metadata__ of strings/],
])('%s is rejected', (_, file, message) => {
  expect(() => readSafetensors(file, 'weights')).toThrow(DataError);
  expect(() => readSafetensors(file, 'weights')).toThrow(message);
});

test('a tensor can have the name __proto__', () => {
  const { tensors } = readSafetensors(
    createFile('{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', zeros(4)),
  );
  expect([...tensors.keys()]).toEqual(['__proto__']);
  expect(({} as { dtype?: string }).dtype).toBeUndefined();
});

/** Every float16 and every bfloat16, compared with another way to read them. */
describe('conversion to float32', () => {
  const all = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);
  const read = (dtype: 'F16' | 'BF16') =>
    toFloats({ dtype, shape: [65_536], bytes: new Uint8Array(all.buffer) }, { file: 'f', name: 'n' });

  test('BF16 is the upper half of a float32', () => {
    const bits = new Uint32Array(read('BF16').buffer);
    expect(bits.every((word, at) => word === at * 65_536)).toBe(true);
  });

  test('F16 by the definition of IEEE 754', () => {
    const floats = read('F16');
    for (let bits = 0; bits < 65_536; bits++) {
      const digits = bits.toString(2).padStart(16, '0');
      const [sign, exponent] = [digits[0] === '1' ? -1 : 1, Number.parseInt(digits.slice(1, 6), 2)];
      const fraction = Number.parseInt(digits.slice(6), 2) / 1024;
      const special = fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
      const finite = exponent === 0 ? sign * fraction * 2 ** -14 : sign * (1 + fraction) * 2 ** (exponent - 15);
      const expected = exponent === 31 ? special : finite;
      if (!Object.is(floats[bits], expected)) expect(floats[bits], digits).toBe(expected);
    }
  });

  test.each<[string, number[], boolean]>([
    ['exact values', [1, -0, Number.NaN, Number.POSITIVE_INFINITY, 2 ** -149, Math.fround(0.1)], true],
    ['0.1', [1, 0.1], false],
    ['values that are too large', [1e39], false],
    ['values that are too small', [2 ** -150], false],
  ])('F64: %s', (_, values, isExact) => {
    const tensor = {
      dtype: 'F64' as const,
      shape: [values.length],
      bytes: new Uint8Array(Float64Array.from(values).buffer),
    };
    const floats = () => [...toFloats(tensor, { file: 'f', name: '0.weight' })];
    if (isExact) expect(floats()).toEqual(values);
    else expect(floats).toThrow(/f: expected 0\.weight in float32 .* but got F64 with/);
  });

  test.each(['BOOL', 'I8', 'U8', 'F8_E4M3', 'I16', 'I32', 'I64', 'U64'] as const)('%s cannot be a weight', (dtype) => {
    const tensor = { dtype, shape: [1], bytes: zeros(8) };
    expect(() => toFloats(tensor, { file: 'f', name: '0.weight' })).toThrow(/0\.weight to be of F32, F16 or BF16/);
  });
});

test('a file of PyTorch is read', () => {
  const file = readFileSync(new URL('../../../../test-data/safetensors/mlp-batch-norm.safetensors', import.meta.url));
  const { tensors, metadata } = readSafetensors(file);
  expect(metadata).toEqual({ format: 'pt' });
  expect(tensors.get('1.num_batches_tracked')).toMatchObject({ dtype: 'I64', shape: [] });
  expect(tensors.get('0.weight')).toMatchObject({ dtype: 'F32', shape: [5, 6] });
});
