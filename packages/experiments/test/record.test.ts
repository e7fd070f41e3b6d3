import { describe, expect, test } from 'vitest';
import { optimizerCompareNaive } from '../src/catalog/optimizer-compare-naive/index.ts';
import { digestBytes, digestFloats, digestRun } from '../src/record/digest.ts';
import { decodeFloat, encodeFloat } from '../src/record/float32.ts';
import { parseRecord, stringifyRecord } from '../src/record/json.ts';
import { noData, RecordError, type RunRecord } from '../src/record/record.ts';
import { run } from './bench.ts';

describe('a float32 as JSON', () => {
  test.each<[number, unknown]>([
    [Math.fround(0.1), 0.1],
    [0.1, 0.1],
    [Math.fround(2.3978953), 2.3978953],
    [2 ** 24, 16777216],
    [2 ** 127 * (2 - 2 ** -23), 3.4028235e38],
    [2 ** -149, 1e-45],
    [0, 0],
    [-0, '-0'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
  ])('%d', (value, json) => {
    expect(encodeFloat(value)).toBe(json);
    expect(decodeFloat(encodeFloat(value))).toBe(Math.fround(value));
  });

  test('is restored bit for bit', () => {
    const words = Uint32Array.from({ length: 5_000 }, (_, i) => Math.imul(i, 2_654_435_761));
    for (const value of new Float32Array(words.buffer)) {
      const text = JSON.stringify(encodeFloat(value));
      expect(decodeFloat(JSON.parse(text))).toBe(value);
      expect(text.length).toBeLessThanOrEqual(Number.isNaN(value) ? 5 : 22);
    }
  });
});

describe('digests', () => {
  test('of no bytes equal that of `noData`', () => {
    expect(digestBytes(new Uint8Array())).toBe(noData.sha256);
    expect(digestFloats([])).toBe(noData.sha256);
  });

  test('are computed from little-endian float32', () => {
    const bytes = Uint8Array.of(0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0);
    expect(digestFloats([[1], [-2]])).toBe(digestBytes(bytes));
    expect(digestFloats([Float32Array.of(1, -2)])).toBe(digestBytes(bytes));
    expect(digestFloats([[1, -2]], (given) => Uint8Array.of(...given.subarray(0, 2)))).toBe(
      Buffer.from(bytes.subarray(0, 2)).toString('hex'),
    );
  });

  test('are the same for every NaN', () => {
    const [odd] = new Float32Array(Uint32Array.of(0xffc12345).buffer);
    const canonical = Uint8Array.of(0, 0, 0xc0, 0x7f);
    expect(digestFloats([new Float32Array(Uint32Array.of(0xffc12345).buffer)])).toBe(digestBytes(canonical));
    expect(digestFloats([[odd as number]])).toBe(digestBytes(canonical));
  });
});

describe('a record', async () => {
  const record = await run(optimizerCompareNaive, { steps: 3 });

  test('has every option and the digest of its arms', () => {
    expect(record).toMatchObject({ format: 'descent-run/1', experiment: 'optimizer_compare_naive', seed: 1 });
    expect(Object.keys(record.options)).toEqual(Object.keys(optimizerCompareNaive.options));
    expect(record.digest).toBe(digestRun(record.arms.map(({ digest }) => digest)));
  });

  test('is restored from its JSON', () => {
    expect(parseRecord(stringifyRecord(record))).toEqual(record);
  });

  test('keeps values that JSON lacks', () => {
    const odd = structuredClone(record);
    const value = [Number.NaN, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    (odd.arms[0] as RunRecord['arms'][0]).series.odd = { step: [0, 1, 2, 3], value };
    (odd.arms[0] as RunRecord['arms'][0]).final.odd = Number.NaN;
    (odd.claims[0] as RunRecord['claims'][0]).evidence.odd = -0;
    expect(parseRecord(stringifyRecord(odd))).toEqual(odd);
  });
});

describe('parseRecord rejects', async () => {
  const whole = JSON.parse(stringifyRecord(await run(optimizerCompareNaive, { steps: 1 })));

  test.each<[string, (record: typeof whole) => unknown, RegExp]>([
    ['a string', () => 'text', /expected the value to be Object but got "text"/],
    [
      'another format',
      (r) => ({ ...r, format: 'descent-run/2' }),
      /expected format to be "descent-run\/1" but got "descent-run\/2"/,
    ],
    [
      'an invalid status',
      (r) => ({ ...r, arms: [{ ...r.arms[0], status: 'well' }] }),
      /expected arms.0.status to be .* but got "well"/,
    ],
    [
      'series of different lengths',
      (r) => ({ ...r, arms: [{ ...r.arms[0], series: { x: { step: [1], value: [] } } }] }),
      /expected arms.0.series.x to be as many steps as values/,
    ],
  ])('%s', (_, change, message) => {
    const text = JSON.stringify(change(structuredClone(whole)));
    expect(() => parseRecord(text)).toThrow(RecordError);
    expect(() => parseRecord(text)).toThrow(message);
  });

  test('invalid JSON', () => {
    expect(() => parseRecord('{"format":')).toThrow(/^\[record\] expected JSON/);
  });
});
