// MNIST and data sets in its arrangement: four IDX files. Bytes come in; where from is the caller's business.
import type { Device, Pointer } from '@descent/kernels';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js';
import {
  bytesLike,
  callable,
  checkArguments,
  choice,
  deviceLike,
  integer,
  optionsOf,
  type Rules,
  string,
} from '../core/check.ts';
import { Tensor } from '../core/tensor.ts';
import { DataError } from './data-error.ts';
import { TensorDataset } from './dataset.ts';
import { type IdxArray, type NamedBytes, parseIdx } from './idx.ts';

/** The four files, unpacked. */
export interface ImageFiles {
  /** (N, height, width): what is learnt from. */
  trainImages: NamedBytes;
  /** (N): their classes. */
  trainLabels: NamedBytes;
  /** (M, height, width): what is tested on. */
  testImages: NamedBytes;
  /** (M): their classes. */
  testLabels: NamedBytes;
}

/** Images as rows of bytes (N, height · width), row by row, and their classes. */
export interface ImageData {
  /** What is learnt from. */
  train: TensorDataset;
  /** What is tested on. */
  test: TensorDataset;
  /** Of the four files: SHA-256 over their four SHA-256 in the order of `imageFiles`, in hexadecimal. */
  sha256: string;
}

/** SHA-256 of some bytes. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** How four files become a data set. */
export interface ImageOptions {
  /** How many classes there are; a label must be less. Default 10. */
  classes?: number;
  /** A faster SHA-256 than the portable one, such as node:crypto's. */
  sha256?: Sha256;
}

/** The files' usual names. */
export const imageFiles: Readonly<Record<keyof ImageFiles, string>> = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
};

/** What `ImageData.sha256` is of MNIST. */
export const mnistDigest = 'e9914cff2ade526da2ab1ac60c072f9173cc53e35b9411692de8207cb1b9009d';

/** SHA-256 of MNIST's files (LeCun, Cortes and Burges 1998), unpacked. */
export const mnistSha256: Readonly<Record<keyof ImageFiles, string>> = {
  trainImages: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  trainLabels: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  testImages: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  testLabels: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
};

const roles = Object.keys(imageFiles) as (keyof ImageFiles)[];

const fileLike = optionsOf<NamedBytes>({ file: string, bytes: bytesLike }, ['file', 'bytes']);
const ARGUMENTS = {
  device: deviceLike,
  files: optionsOf(Object.fromEntries(roles.map((role) => [role, fileLike])) as Rules<ImageFiles>, roles),
  options: optionsOf<ImageOptions>({ classes: integer(1, 256), sha256: callable() }),
};

/**
 * Real MNIST: 60,000 and 10,000 images of 28 × 28, checked against `mnistSha256`.
 * @throws DataError where a file is not the original
 */
export function mnistFrom(device: Device, files: ImageFiles, options: ImageOptions = {}): ImageData {
  checkArguments('mnistFrom', arguments, ARGUMENTS);
  const { digests, ...images } = build(device, files, options);
  for (const [index, role] of roles.entries()) checkOriginal(role, files[role].file, digests[index] as Uint8Array);
  return images;
}

/**
 * Any data set in MNIST's arrangement, such as Fashion-MNIST.
 * @throws DataError where a file is not IDX, is cut short, or does not fit its neighbors
 */
export function imagesFrom(device: Device, files: ImageFiles, options: ImageOptions = {}): ImageData {
  checkArguments('imagesFrom', arguments, ARGUMENTS);
  const { digests: _, ...images } = build(device, files, options);
  return images;
}

/**
 * The data set of four files whose digests somebody else sees to. Images that lie in the device's memory already stay
 * where they are.
 * @throws DataError where a file is not IDX, is cut short, or does not fit its neighbors
 */
export function loadImages(
  device: Device,
  files: ImageFiles,
  { classes = 10 }: ImageOptions = {},
): Omit<ImageData, 'sha256'> {
  const train = parsePair(device, files.trainImages, files.trainLabels, classes);
  const test = parsePair(device, files.testImages, files.testLabels, classes);
  checkSameSize(files, train.images, test.images);
  return { train: place(device, train), test: place(device, test) };
}

/** @throws DataError where the digest of a file is not that of MNIST's */
export function checkOriginal(role: keyof ImageFiles, file: string, digest: Uint8Array): void {
  checkArguments('checkOriginal', arguments, { role: choice(...roles), file: string, digest: bytesLike });
  const got = bytesToHex(digest);
  const pin = mnistSha256[role];
  if (got !== pin) throw new DataError(file, `MNIST's file with the SHA-256 ${pin}`, `one with ${got}`);
}

/** The four digests and the one over them. */
function build(device: Device, files: ImageFiles, options: ImageOptions): ImageData & { digests: Uint8Array[] } {
  const { sha256 = nobleSha256 } = options;
  const digests = roles.map((role) => sha256(files[role].bytes));
  return { ...loadImages(device, files, options), digests, sha256: bytesToHex(sha256(concatBytes(...digests))) };
}

/** An array of bytes, and where in the device's memory it is, where it is there: a view would not outlive an allocation. */
interface Bytes extends IdxArray {
  pointer: Pointer | undefined;
}

interface Pair {
  images: Bytes;
  labels: Bytes;
}

function parsePair(device: Device, imageFile: NamedBytes, labelFile: NamedBytes, classes: number): Pair {
  const [images, labels] = [imageFile, labelFile].map(({ bytes, file }) => {
    const array = parseIdx(bytes, file);
    return { ...array, pointer: device.arena.pointerOf(array.data) };
  }) as [Bytes, Bytes];
  checkDimensions(imageFile.file, images, 3);
  checkDimensions(labelFile.file, labels, 1);
  const [count] = images.shape as [number];
  if (labels.data.length !== count) {
    throw new DataError(
      labelFile.file,
      `${count} labels, one for each image of ${imageFile.file}`,
      `${labels.data.length}`,
    );
  }
  const at = labels.data.findIndex((label) => label >= classes);
  if (at >= 0)
    throw new DataError(labelFile.file, `labels from 0 to ${classes - 1}`, `${labels.data[at]} at index ${at}`);
  return { images, labels };
}

function checkDimensions(file: string, { shape }: IdxArray, expected: number): void {
  if (shape.length === expected) return;
  throw new DataError(file, `${expected} dimension${expected > 1 ? 's' : ''}`, `the shape ${shape.join(' × ')}`);
}

function checkSameSize({ trainImages, testImages }: ImageFiles, train: IdxArray, test: IdxArray): void {
  const [expected, got] = [train, test].map(({ shape }) => shape.slice(1).join(' × ')) as [string, string];
  if (expected !== got) throw new DataError(testImages.file, `images of ${expected} as in ${trainImages.file}`, got);
}

/** A tensor over the elements, where they lie in the device's memory; else over a copy. */
function tensorOf(device: Device, { data, pointer }: Bytes, shape: readonly number[]): Tensor<'uint8'> {
  if (pointer === undefined) return Tensor.from(device, data, shape, 'uint8');
  return new Tensor(device, 'uint8', pointer, shape);
}

function place(device: Device, { images, labels }: Pair): TensorDataset {
  const [count, height, width] = images.shape as [number, number, number];
  return new TensorDataset({
    inputs: tensorOf(device, images, [count, height * width]),
    labels: tensorOf(device, labels, [count]),
  });
}
