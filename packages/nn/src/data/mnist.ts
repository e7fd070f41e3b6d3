// MNIST and data sets in its arrangement: four IDX files. Bytes come in; where from is the caller's business.
import type { Device, Pointer } from '@descent/kernels';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js';
import * as is from '../core/check.ts';
import { Tensor } from '../core/tensor.ts';
import { DataError } from './data-error.ts';
import { TensorDataset } from './dataset.ts';
import { type IdxArray, type NamedBytes, namedBytes, parseIdx, parseLabels, wrongShape } from './idx.ts';

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
  /** How many classes there are: up to `MAX_CLASSES`. Default 10. */
  classes?: number;
  /** A faster SHA-256 than the portable one, such as node:crypto's. */
  sha256?: Sha256;
}

/** The most classes that labels may tell apart; greater ones are taken for damage. */
export const MAX_CLASSES = 100;

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

const ARGUMENTS = {
  device: is.deviceLike,
  files: is.optionsOf(Object.fromEntries(roles.map((role) => [role, namedBytes])) as is.Rules<ImageFiles>, roles),
  options: is.optionsOf<ImageOptions>({ classes: is.integer(1, MAX_CLASSES), sha256: is.callable() }),
};

/**
 * Real MNIST: 60,000 and 10,000 images of 28 × 28, checked against `mnistSha256`.
 * @throws DataError where a file is not the original
 */
export function mnistFrom(device: Device, files: ImageFiles, options: ImageOptions = {}): ImageData {
  is.checkArguments('mnistFrom', arguments, ARGUMENTS);
  const { digests, ...images } = build(device, files, options);
  for (const [index, role] of roles.entries()) checkOriginal(role, files[role].file, digests[index] as Uint8Array);
  return images;
}

/**
 * Any data set in MNIST's arrangement, such as Fashion-MNIST.
 * @throws DataError where a file is not IDX, is cut short, or does not fit its neighbors
 */
export function imagesFrom(device: Device, files: ImageFiles, options: ImageOptions = {}): ImageData {
  is.checkArguments('imagesFrom', arguments, ARGUMENTS);
  const { digests: _, ...images } = build(device, files, options);
  return images;
}

/**
 * The data set of four files whose digests somebody else sees to. Images that lie in the device's memory already stay
 * where they are.
 * @throws DataError where a file is not IDX, is cut short, or does not fit its neighbors
 */
export function loadImages(device: Device, files: ImageFiles, options: ImageOptions = {}): Omit<ImageData, 'sha256'> {
  is.checkArguments('loadImages', arguments, ARGUMENTS);
  const { train, test } = parseImages(files, options);
  const placers = [train, test].map((part) => placer(device, part)) as [() => TensorDataset, () => TensorDataset];
  return { train: placers[0](), test: placers[1]() };
}

/** Images (N, height, width) and their classes from 0 on, both still in the memory of the files. */
export interface LabelledImages {
  /** (N, height, width) pixels. */
  readonly images: IdxArray;
  /** (N) classes. */
  readonly labels: Uint8Array;
}

/**
 * Reads and checks four files. Labels that count from 1, as those of EMNIST's letters, become classes from 0 on: there is no label 0 and one above 9.
 * @throws DataError where a file is not IDX, is cut short, or does not fit its neighbours
 */
export function parseImages(files: ImageFiles, options: ImageOptions = {}): Record<'train' | 'test', LabelledImages> {
  is.checkArguments('parseImages', arguments, { files: ARGUMENTS.files, options: ARGUMENTS.options });
  const { classes = 10 } = options;
  const train = parsePair(files.trainImages, files.trainLabels);
  const test = parsePair(files.testImages, files.testLabels);
  checkSameSize(files, train.images, test.images);
  const first = [train, test].some(({ labels }) => labels.includes(0)) ? 0 : 1;
  const isBeyond9 = [train, test].some(({ labels }) => labels.some((label) => label > 9));
  const count = (file: string, { images, labels }: LabelledImages): LabelledImages => {
    return { images, labels: countFrom0(file, labels, isBeyond9 ? first : 0, classes) };
  };
  return { train: count(files.trainLabels.file, train), test: count(files.testLabels.file, test) };
}

function countFrom0(file: string, labels: Uint8Array, first: number, classes: number): Uint8Array {
  const at = labels.findIndex((label) => label - first >= classes);
  if (at < 0) return first === 0 ? labels : labels.map((label) => label - first);
  const count = labels.reduce((most, label) => Math.max(most, label), 0) - first + 1;
  const way = count <= MAX_CLASSES ? `; set classes to ${count} for all of them` : '';
  throw new DataError(file, `labels from ${first} to ${first + classes - 1}`, `${labels[at]} at index ${at}${way}`);
}

/** @throws DataError where the digest of a file is not that of MNIST's */
export function checkOriginal(role: keyof ImageFiles, file: string, digest: Uint8Array): void {
  is.checkArguments('checkOriginal', arguments, { role: is.choice(...roles), file: is.string, digest: is.bytesLike });
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

function parsePair(imageFile: NamedBytes, labelFile: NamedBytes): LabelledImages {
  const images = parseIdx(imageFile.bytes, imageFile.file);
  if (images.shape.length !== 3) throw wrongShape(imageFile.file, '3 dimensions', images.shape);
  const labels = parseLabels(labelFile.bytes, labelFile.file);
  const [count] = images.shape as [number];
  if (labels.length === count) return { images, labels };
  const expected = `${count} labels, one for each image of ${imageFile.file}`;
  throw new DataError(labelFile.file, expected, `${labels.length}`);
}

function checkSameSize({ trainImages, testImages }: ImageFiles, train: IdxArray, test: IdxArray): void {
  const [expected, got] = [train, test].map(({ shape }) => shape.slice(1).join(' × ')) as [string, string];
  if (expected !== got) throw new DataError(testImages.file, `images of ${expected} as in ${trainImages.file}`, got);
}

/** Looks at once where bytes are in the device's memory, if they are there: views of it do not outlive an allocation. */
function locate(device: Device, data: Uint8Array): (shape: readonly number[]) => Tensor<'uint8'> {
  const pointer: Pointer | undefined = device.arena.pointerOf(data);
  if (pointer === undefined) return (shape) => Tensor.from(device, data, shape, 'uint8');
  return (shape) => new Tensor(device, 'uint8', pointer, shape);
}

/** Places images and labels where they are not in the device's memory already. */
function placer(device: Device, { images, labels }: LabelledImages): () => TensorDataset {
  const [count, height, width] = images.shape as [number, number, number];
  const [inputs, classes] = [locate(device, images.data), locate(device, labels)];
  return () => new TensorDataset({ inputs: inputs([count, height * width]), labels: classes([count]) });
}
