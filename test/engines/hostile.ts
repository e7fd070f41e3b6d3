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
const many = (count: number, value: unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, value]));

/** Contents of a file run.json. */
export const hostileRecords: readonly Row<string>[] = [
  ['nothing', () => '', /expected JSON/],
  ['a page', () => '<!doctype html><script>alert(1)</script>', /expected JSON/],
  ['bytes', () => '\u0000\ufffd\u0001', /expected JSON/],
  ['a string', () => json(MARKUP), /expected the value to be Object/],
  ['another format', () => json({ format: MARKUP }), /expected format/],
  ['an unknown experiment', () => json(record([], { experiment: MARKUP })), /no experiment named <img/],
  [
    'an experiment named as a property of every object',
    () => json(record([], { experiment: 'constructor' })),
    /no experiment named/,
  ],
  ['a prototype and nothing else', () => '{"__proto__":{"format":"descent-run/1","polluted":true}}', /expected format/],
  ['negative steps', () => json(record([], { options: { steps: -1 } })), /expected --steps/],
  ['an object instead of arms', () => json({ ...record([]), arms: { length: 1e9 } }), /expected arms to be Array/],
  [
    'a number instead of series',
    () => json(four()).replace('"series":{', '"series":5,"x":{'),
    /arms\.0\.series to be Object/,
  ],
  ['a name of 10 MB', () => json(record([arm('A'.repeat(1e7))])), /expected arms\.0\.name/],
  ['100,000 brackets', () => '['.repeat(100_000), /expected JSON/],
  ['10,000 objects in each other', () => '{"arms":['.repeat(10_000) + ']}'.repeat(10_000), /expected format/],
  ['52 MB of null arms', () => json({ ...record([]), arms: new Array(10.5e6).fill(null) }), /expected arms\.0/],
  ['50,000 arms', () => json(empty(50_000)), /at most 4 arms with its options but got 50000/],
  ['more steps than its options', () => json(four(25_000)), /at most 1001 values of x in SGD .* but got 25000/],
  ['20,000 measures', () => json(record([{ ...arm('SGD'), final: many(20_000, 1) as never }])), /at most 1,000 names/],
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
    'a wrong magic number',
    () => ({ [trainImages]: Buffer.from([0x89, 0x50, 0x4e, 0x47]) }),
    /train-images.*begins 89 50 4e 47/,
  ],
  [
    'markup',
    () => ({ [trainLabels]: Buffer.from(MARKUP) }),
    /train-labels.*begins 3c 69 6d 67 \(text, not gzip: "<img src=x/,
  ],
  ['nothing', () => ({ [trainImages]: Buffer.alloc(0) }), /train-images.*0 bytes/],
  ['floats', () => ({ [trainImages]: idx(0x0d, [1, 1, 1], Buffer.alloc(4)) }), /train-images.*begins 00 00 0d 03/],
  ['200 dimensions', () => ({ [trainImages]: idx(8, new Array(200).fill(1)) }), /train-images.*1 to 4 dimensions/],
  ['2^96 pixels', () => ({ [trainImages]: idx(8, [most, most, most]) }), /train-images.*cut short/],
  ['no images', () => ({ [trainImages]: idx(8, [0, most, most]) }), /train-images.*at least one/],
  ['images of no size', () => ({ [trainImages]: idx(8, [most, 0, 0]) }), /train-images.*at least one/],
  ['only a header', () => ({ [trainImages]: idx(8, [200, 4, 4]).subarray(0, 9) }), /train-images.*header/],
  [
    'a gigabyte packed in a megabyte',
    () => ({ [`${trainImages}.gz`]: bomb() }),
    /train-images.*at most 67 MB unpacked/,
  ],
  [
    'a web page by the name of a gzip file',
    () => ({ [`${trainImages}.gz`]: Buffer.from('<!DOCTYPE html>') }),
    /not gzip: "<!DOC/,
  ],
  ['a zip archive', () => ({ [trainImages]: Buffer.from('PK\u0003\u0004') }), /train-images.*a zip archive; unpack it/],
  ['labels for images', () => ({ [trainImages]: idx(8, [200], Buffer.alloc(200)) }), /train-images.*it holds labels/],
  ['surplus bytes', () => ({ [trainLabels]: idx(8, [200], Buffer.alloc(201)) }), /train-labels.*some are surplus/],
  ['gzip in gzip', () => ({ [`${trainImages}.gz`]: gzipSync(gzipSync('x')) }), /train-images.*a gzip stream/],
  ['a label of 255', () => ({ [trainLabels]: idx(8, [200], Buffer.alloc(200, 255)) }), /train-labels.*255/],
];

export const filesWith = (changed: Files): Files => {
  const plain = Object.keys(changed).map((name) => name.replace('.gz', ''));
  return { ...Object.fromEntries(Object.entries(goodFiles()).filter(([name]) => !plain.includes(name))), ...changed };
};

/** Links of the page and the expected message. */
export const hostileLinks: readonly (readonly [name: string, hash: string, says: RegExp])[] = [
  ['markup', `#${MARKUP}`, /no experiment named/],
  ['a prototype', '#__proto__', /no experiment named/],
  ['a property of every object', '#constructor?steps=1', /no experiment named/],
  ['200 kB', `#optimizer_compare_naive?x=${'A'.repeat(2e5)}`, /"x" is not an option/],
  ['another site', '#//evil.example/', /no experiment named/],
  ['a script', '#javascript:alert(1)', /no experiment named/],
  ['an element of the page', '#app', /no experiment named/],
  ['a percent sign', '#optimizer_compare_naive?steps=%', /expected --steps/],
  ['steps that are markup', `#optimizer_compare_naive?steps=${encodeURIComponent(MARKUP)}`, /expected --steps/],
  ['an unknown option', `#optimizer_compare_naive?${encodeURIComponent(MARKUP)}=1`, /"<img.* is not an option/],
  ['an option of a prototype', '#optimizer_compare_naive?__proto__=1', /"__proto__" is not an option/],
  ['infinite steps', '#optimizer_compare_naive?steps=1e999', /expected --steps/],
  ['a negative seed', '#optimizer_compare_naive?seed=-1', /expected --seed/],
  ['a network of 2^32', '#optimizer_compare_mnist?hiddenSizes=1x4294967296', /expected --hidden-sizes/],
];
