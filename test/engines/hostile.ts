// Malicious input: records, images, links to the page.
import { constants, deflateRawSync, gzipSync } from 'node:zlib';
import { noData, type RunRecord } from '@descent/experiments';
import { type Files, goodFiles } from '../../packages/cli/test/idx-files.ts';

export const MARKUP = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
const SVG = '</text><script xmlns="http://www.w3.org/2000/svg">alert(3)</script><a href="javascript:alert(4)">';
/** Name, input, and the expected message; `drawn` if the page shows the input as text. */
type Row<T> = readonly [name: string, make: () => T, says: RegExp | 'drawn'];

const digest = '0'.repeat(64);
const text = { en: MARKUP, ko: MARKUP, ja: MARKUP };

function arm(name: string, points = 3): RunRecord['arms'][number] {
  const step = Array.from({ length: points }, (_, index) => index);
  const value = step.map((at) => Math.fround(1 / (1 + at)));
  const series = { x: { step, value }, y: { step, value }, loss: { step, value }, [MARKUP]: { step, value } };
  return { name, status: 'finished', series, final: { loss: 1, [MARKUP]: 2 }, digest };
}

function record(arms: RunRecord['arms'], changes: Partial<RunRecord> = {}): RunRecord {
  return {
    ...{
      format: 'descent-run/1',
      experiment: 'optimizer_compare_naive',
      options: { steps: 12 },
      seed: 1,
      data: noData,
    },
    ...{ variant: 'simd128', arms, digest, environment: { [MARKUP]: MARKUP }, elapsedSeconds: 1 },
    claims: [{ id: MARKUP, text, holds: true, evidence: { [MARKUP]: 1 } }],
    ...changes,
  };
}

const json = (value: unknown) => JSON.stringify(value);
const polluting = (value: unknown) =>
  json(value).replace('{', '{"__proto__":{"polluted":true,"format":"descent-run/1"},');
const names = ['SGD', 'Momentum', 'AdaGrad', 'Adam'];

const four = (points?: number) => record(names.map((name) => arm(name, points)));
/** Returns a record with `count` arms without series. */
const empty = (count: number) =>
  record(Array.from({ length: count }, (_, index) => ({ ...arm(String(index), 0), series: {}, final: {} })));

/** Contents of a file run.json. */
export const hostileRecords: readonly Row<string>[] = [
  ['a page', () => '<!doctype html><script>alert(1)</script>', /expected JSON/],
  ['an unknown experiment', () => json(record([], { experiment: MARKUP })), /no experiment named <img/],
  ['a prototype and nothing else', () => '{"__proto__":{"format":"descent-run/1","polluted":true}}', /expected format/],
  ['5 MB of null arms', () => json({ ...record([]), arms: new Array(1e6).fill(null) }), /expected arms\.0/],
  ['50,000 arms', () => json(empty(50_000)), /at most 4 arms with its options but got 50000/],
  ['more steps than its options', () => json(four(25_000)), /at most 1001 values of x in SGD .* but got 25000/],
  ['no arm', () => json(record([])), 'drawn'],
  ['names that are markup', () => json(record(names.map((name) => arm(name + MARKUP)))), 'drawn'],
  ['names that break out of a drawing', () => json(record(names.map((name) => arm(name + SVG)))), 'drawn'],
  ['a prototype beside a record', () => polluting(four()), 'drawn'],
  ['a prototype for options', () => json(four()).replace('"steps":12', '"__proto__":{"polluted":true}'), 'drawn'],
  [
    'names of properties of every object',
    () => json(record(['__proto__', 'toString'].map((name) => arm(name)))),
    'drawn',
  ],
  ['steps beyond all bounds', () => json(four()).replaceAll('[0,1,2]', '[0,9e15,1e308]'), 'drawn'],
  ['values beyond all bounds', () => json(four()).replaceAll('"value":[1,', '"value":["Infinity",'), 'drawn'],
];

/** Returns an IDX file. */
const idx = (type: number, shape: readonly number[], bytes: Uint8Array = Buffer.alloc(0)): Buffer => {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, type, shape.length]);
  for (const [axis, length] of shape.entries()) header.writeUInt32BE(length, 4 + 4 * axis);
  return Buffer.concat([header, bytes]);
};

/** Returns a gigabyte of zeros in a megabyte of gzip: the same independent deflate block, 1,024 times. */
function bomb(): Buffer {
  const block = deflateRawSync(Buffer.alloc(2 ** 20), { finishFlush: constants.Z_FULL_FLUSH });
  return Buffer.concat([gzipSync('').subarray(0, 10), ...new Array<Buffer>(1_024).fill(block)]);
}

const [trainImages, trainLabels] = ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte'];
const most = 2 ** 32 - 1;

/** Four files of a data set, one of them wrong. */
export const hostileImages: readonly Row<Files>[] = [
  [
    'markup',
    () => ({ [trainLabels]: Buffer.from(MARKUP) }),
    /train-labels.*begins 3c 69 6d 67 \(text, not gzip: "<img src=x/,
  ],
  ['2^96 pixels', () => ({ [trainImages]: idx(8, [most, most, most]) }), /train-images.*cut short/],
  [
    'a gigabyte packed in a megabyte',
    () => ({ [`${trainImages}.gz`]: bomb() }),
    /train-images.*at most 67 MB unpacked/,
  ],
  ['labels for images', () => ({ [trainImages]: idx(8, [200], Buffer.alloc(200)) }), /train-images.*it holds labels/],
];

export const filesWith = (changed: Files): Files => {
  const plain = Object.keys(changed).map((name) => name.replace('.gz', ''));
  return { ...Object.fromEntries(Object.entries(goodFiles()).filter(([name]) => !plain.includes(name))), ...changed };
};

/** Links of the page and the expected message. */
export const hostileLinks: readonly (readonly [name: string, hash: string, says: RegExp])[] = [
  ['markup', `#${MARKUP}`, /no experiment named/],
  ['a prototype', '#__proto__', /no experiment named/],
  ['200 kB', `#optimizer_compare_naive?x=${'A'.repeat(2e5)}`, /"x" is not an option/],
  ['a script', '#javascript:alert(1)', /no experiment named/],
  ['an unknown option', `#optimizer_compare_naive?${encodeURIComponent(MARKUP)}=1`, /"<img.* is not an option/],
  ['a network of 2^32', '#optimizer_compare_mnist?hiddenSizes=1x4294967296', /expected --hidden-sizes/],
];
