// Data sets of other sources: EMNIST, QMNIST, CSV, and files of other formats.
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  findImageFiles,
  type ImageFiles,
  idxHeader,
  imageFiles,
  imageFilesFromCsv,
  imagesFrom,
  parseIdx,
} from '../src/data/index.ts';
import { DataError } from '../src/index.ts';
import { device } from './devices.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const named = (file: string, bytes: Uint8Array) => ({ file, bytes });
const images = (count: number, side = 2) =>
  Uint8Array.of(
    ...idxHeader([count, side, side]),
    ...Array.from({ length: count * side * side }, (_, i) => (7 * i) % 256),
  );
const labels = (...values: number[]) => Uint8Array.of(...idxHeader([values.length]), ...values);

/** Rows of eight big-endian int32: the label and data about the writer. */
function qmnist(...values: number[]): Uint8Array {
  const words = [0x0c02, values.length, 8, ...values.flatMap((label) => [label, 0, 2610, 7, 4, 123_456, 0, 0])];
  const view = new DataView(new ArrayBuffer(4 * words.length));
  for (const [i, word] of words.entries()) view.setInt32(4 * i, word);
  return new Uint8Array(view.buffer);
}

function files(train: Uint8Array, test: Uint8Array, counts = [3, 2]): ImageFiles {
  return {
    trainImages: named(imageFiles.trainImages, images(counts[0] as number)),
    trainLabels: named(imageFiles.trainLabels, train),
    testImages: named(imageFiles.testImages, images(counts[1] as number)),
    testLabels: named(imageFiles.testLabels, test),
  };
}

const loadClasses = (given: ImageFiles, classes?: number) => {
  const { train, test } = imagesFrom(device, given, classes === undefined ? {} : { classes });
  return [...train.labels.data, ...test.labels.data];
};

describe('labels', () => {
  test('from 1 on, as in the letters of EMNIST, become classes from 0', () => {
    const letters = files(labels(1, 26, 13), labels(2, 25));
    expect(loadClasses(letters, 26)).toEqual([0, 25, 12, 1, 24]);
    expect(() => loadClasses(letters)).toThrow('expected labels from 1 to 10 but got 26 at index 1; set classes to 26');
  });

  test.each<[string, number[], number[], number]>([
    ['with a 0 in the other part', [1, 11, 3], [0, 2], 12],
    ['of digits without a 0', [1, 9, 3], [5, 2], 10],
    ['of the 62 classes of EMNIST', [0, 61, 36], [10, 35], 62],
  ])('%s do not change', (_, train, tested, classes) => {
    expect(loadClasses(files(labels(...train), labels(...tested)), classes)).toEqual([...train, ...tested]);
  });

  test('of QMNIST are read from the first column', () => {
    expect(loadClasses(files(qmnist(5, 0, 4), labels(9, 1)))).toEqual([5, 0, 4, 9, 1]);
  });

  const wrong: [string, Uint8Array, string][] = [
    ['of QMNIST beyond a byte', qmnist(5, -1, 4), 'labels from 0 to 255 but got -1 at index 1'],
    ['that are images', images(3), '1 dimension but got the shape 3 × 2 × 2; it holds images'],
  ];
  test.each(wrong)('%s are rejected', (_, bytes, message) => {
    expect(() => loadClasses(files(bytes, labels(0, 1)))).toThrow(`${imageFiles.trainLabels}: expected ${message}`);
  });
});

describe('the error for a file that is not IDX names', () => {
  test.each<[string, Uint8Array, string]>([
    [
      'a pointer of Git LFS',
      encode('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a'),
      'a Git LFS pointer; git lfs pull',
    ],
    ['a zip archive', Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0), 'a zip archive; unpack it first'],
    ['gzip in gzip', gzipSync('x'), 'a gzip stream; unpack it first'],
    ['float32', Uint8Array.of(0, 0, 13, 3, 0, 0, 0, 1), 'a file that begins 00 00 0d 03 (float32)'],
  ])('%s', (_, bytes, got) => {
    expect(() => parseIdx(bytes, 'f')).toThrow(
      `f: expected an IDX file of unsigned bytes (it begins 00 00 08) but got ${got}`,
    );
  });
});

describe('findImageFiles finds', () => {
  const four = (prefix: string, test = 't10k', type = 'ubyte', ending = '') =>
    ['train', test].flatMap((part) => [
      `${prefix}${part}-images-idx3-ubyte${ending}`,
      `${prefix}${part}-labels-idx${type === 'int' ? 2 : 1}-${type}${ending}`,
    ]);
  const letters = four('emnist-letters-', 'test', 'ubyte', '.gz');
  const balanced = four('emnist-balanced-', 'test', 'ubyte', '.gz');

  test.each<[string, string[], string | undefined, string[]]>([
    ['MNIST', four(''), undefined, four('')],
    ['EMNIST alone', letters, undefined, letters],
    ['one of EMNIST', [...balanced, ...letters], 'emnist-letters', letters],
    [
      'QMNIST',
      [...four('qmnist-', 'test', 'int', '.gz'), 'xnist-images-idx3-ubyte.xz'],
      undefined,
      four('qmnist-', 'test', 'int', '.gz'),
    ],
    ['MNIST beside others', [...letters, ...four('')], undefined, four('')],
    ['the tables of Kaggle', ['test.csv', 'train.csv', 'sample_submission.csv'], undefined, ['train.csv', 'test.csv']],
    [
      'tables with a name',
      ['fashion-mnist_test.csv.gz', 'fashion-mnist_train.csv.gz'],
      undefined,
      ['fashion-mnist_train.csv.gz', 'fashion-mnist_test.csv.gz'],
    ],
  ])('%s', (_, names, set, found) => {
    expect(Object.values(findImageFiles('data', names, set)).toSorted()).toEqual(found.toSorted());
  });

  test.each<[string, string[], string | undefined, string]>([
    [
      'two sets',
      [...balanced, ...letters],
      undefined,
      'data: expected the files of one data set but got those of emnist-balanced, emnist-letters',
    ],
    [
      'a file missing',
      letters.slice(0, 3),
      undefined,
      'the file emnist-letters-test-labels-idx1-ubyte (all four files together, or a train.csv)',
    ],
  ])('rejects %s', (_, names, set, message) => {
    expect(() => findImageFiles('data', names, set)).toThrow(DataError);
    expect(() => findImageFiles('data', names, set)).toThrow(message);
  });
});

describe('CSV', () => {
  const rows = Array.from({ length: 14 }, (_, i) => `${i % 10},${i},${i + 1},${i + 2},255`);
  const csv = (text: string, file = 'train.csv') => named(file, encode(text));
  const kaggle = `label,pixel0,pixel1,pixel2,pixel3\n${rows.join('\n')}\n`;
  const imagesIn = (given: ImageFiles) => {
    const { train, test } = imagesFrom(device, given);
    return [train, test].map(({ labels: { data }, inputs }) => [[...data], [...inputs.data]]);
  };

  test('every seventh row is a test image if test.csv has no labels', () => {
    const [train, tested] = imagesIn(
      imageFilesFromCsv(csv(kaggle), csv('pixel0,pixel1,pixel2,pixel3\n1,2,3,4\n', 'test.csv')),
    );
    expect(train?.[0]).toEqual([0, 1, 2, 3, 4, 5, 7, 8, 9, 0, 1, 2]);
    expect(tested).toEqual([
      [6, 3],
      [6, 7, 8, 255, 13, 14, 15, 255],
    ]);
    expect(imagesIn(imageFilesFromCsv(csv(kaggle)))).toEqual([train, tested]);
  });

  test.each<[string, string]>([
    ['without names of columns', rows.join('\n')],
    ['with the line ends of Windows and a byte order mark', `\ufeff${kaggle.replaceAll('\n', '\r\n')}`],
    ['with quoted names and empty lines', `"label","1x1","1x2","2x1","2x2"\n\n${rows.join('\n')}\n\n`],
  ])('%s gives the same data', (_, text) => {
    const test = csv(rows.slice(0, 3).join('\n'), 'test.csv');
    expect(imagesFrom(device, imageFilesFromCsv(csv(text), test)).sha256).toBe(
      imagesFrom(device, imageFilesFromCsv(csv(kaggle), test)).sha256,
    );
  });

  test('gives the same digest as IDX files of the same data', () => {
    const idx = files(labels(1, 0, 2), labels(0, 1));
    const line = (part: 'train' | 'test', row: number) =>
      [idx[`${part}Labels`].bytes[8 + row], ...idx[`${part}Images`].bytes.subarray(16 + 4 * row, 20 + 4 * row)].join();
    const made = imageFilesFromCsv(
      csv([0, 1, 2].map((row) => line('train', row)).join('\n')),
      csv([0, 1].map((row) => line('test', row)).join('\n')),
    );
    expect(imagesFrom(device, made).sha256).toBe(imagesFrom(device, idx).sha256);
  });

  test.each<[string, string, string]>([
    ['a short row', kaggle.replace('3,3,4,5,255', '3,3,4,5'), '5 columns in line 5, as in the first but got 4'],
    [
      'a number beyond a byte',
      kaggle.replace('3,3,4,5,255', '3,3,4,5,256'),
      'whole numbers from 0 to 255 in line 5 but got "256"',
    ],
    ['an empty column', kaggle.replace('3,3,4,5,255', '3,,4,5,255'), 'in line 5 but got nothing'],
    ['semicolons', kaggle.replaceAll(',', ';'), 'in line 2 but got "0;0;1;2;255"'],
    ['pixels alone', 'a,b,c,d\n1,2,3,4\n', 'a label before the pixels of each row but got pixels alone'],
    [
      'the label behind',
      kaggle.replace('label,pixel0,pixel1,pixel2,pixel3', 'pixel0,pixel1,pixel2,pixel3,class'),
      'the label in the first column but got the columns "pixel0',
    ],
    ['nothing', '', 'but got none'],
    ['an image that is no square', '1,2,3\n', 'such as 785 columns but got 3 columns'],
    ['an archive', 'PK\u0003\u0004\u0014', 'comma-separated values but got a zip archive; unpack it first'],
    ['six rows', rows.slice(0, 6).join('\n'), '7 rows or more'],
    ['a web page', '<!DOCTYPE html>\n<html>\n</html>', 'line 2 but got "<html>"'],
  ])('with %s is rejected', (_, text, message) => {
    expect(() => imageFilesFromCsv(csv(text))).toThrow(`train.csv: expected `);
    expect(() => imageFilesFromCsv(csv(text))).toThrow(message);
  });
});
