// MNIST and data sets of the same format: four IDX files, read by the caller.
import type { Device, Pointer } from '@descent/kernels';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js';
import * as is from '../core/check.ts';
import { Tensor } from '../core/tensor.ts';
import { DataError } from './data-error.ts';
import { TensorDataset } from './dataset.ts';
import { type IdxArray, type NamedBytes, namedBytes, parseIdx, parseLabels, shapeError } from './idx.ts';

/** The four files, decompressed. */
export interface ImageFiles {
  /** Training images (N, height, width). */
  trainImages: NamedBytes;
  /** Training labels (N). */
  trainLabels: NamedBytes;
  /** Test images (M, height, width). */
  testImages: NamedBytes;
  /** Test labels (M). */
  testLabels: NamedBytes;
}

/** Training and test set; images are rows of bytes (N, height · width). */
export interface ImageData {
  /** The training set. */
  train: TensorDataset;
  /** The test set. */
  test: TensorDataset;
  /** The SHA-256, in hexadecimal, of the concatenated SHA-256 of the files in the order of `imageFiles`. */
  sha256: string;
}

/** A function that computes the SHA-256 of bytes. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** Options of the readers. */
export interface ImageOptions {
  /** The number of classes, up to `MAX_CLASSES`. Default 10. */
  classes?: number;
  /** A faster SHA-256 than the portable default, such as that of node:crypto. */
  sha256?: Sha256;
}

/** The limit of `classes`. Greater labels indicate a damaged file. */
export const MAX_CLASSES = 100;

/** The usual names of the files. */
export const imageFiles: Readonly<Record<keyof ImageFiles, string>> = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
};

/** `ImageData.sha256` of MNIST. */
export const mnistDigest = 'e9914cff2ade526da2ab1ac60c072f9173cc53e35b9411692de8207cb1b9009d';

/** SHA-256 of the decompressed files of MNIST (LeCun, Cortes and Burges 1998). */
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
 * Loads MNIST (60,000 and 10,000 images of 28 × 28) and compares it with `mnistSha256`.
 * @throws DataError if a file is not the original
 */
export function mnistFrom(device: Device, files: ImageFiles, options: ImageOptions = {}): ImageData {
  is.checkArguments('mnistFrom', arguments, ARGUMENTS);
  const { digests, ...images } = loadWithDigests(device, files, options);
  for (const [index, role] of roles.entries()) checkOriginal(role, files[role].file, digests[index] as Uint8Array);
  return images;
}

/**
 * Loads a data set of the same format, such as Fashion-MNIST.
 * @throws DataError if a file is invalid or does not match the others
 */
export function imagesFrom(device: Device, files: ImageFiles, options: ImageOptions = {}): ImageData {
  is.checkArguments('imagesFrom', arguments, ARGUMENTS);
  const { digests: _, ...images } = loadWithDigests(device, files, options);
  return images;
}

/**
 * Loads a data set without computing checksums. Images that are already in the device's memory are not copied.
 * @throws DataError if a file is invalid or does not match the others
 */
export function loadImages(device: Device, files: ImageFiles, options: ImageOptions = {}): Omit<ImageData, 'sha256'> {
  is.checkArguments('loadImages', arguments, ARGUMENTS);
  const { train, test } = parseImages(files, options);
  const createTrain = locateDataset(device, train);
  const createTest = locateDataset(device, test);
  return { train: createTrain(), test: createTest() };
}

/** Images (N, height, width) and classes from 0 on, as views of the files. */
export interface LabelledImages {
  /** (N, height, width) pixels. */
  readonly images: IdxArray;
  /** (N) classes. */
  readonly labels: Uint8Array;
}

/**
 * Reads and checks four files. If there is no label 0 and a label above 9, as in the letters of EMNIST, labels count from 1
 * and become classes from 0 on.
 * @throws DataError if a file is invalid or does not match the others
 */
export function parseImages(files: ImageFiles, options: ImageOptions = {}): Record<'train' | 'test', LabelledImages> {
  is.checkArguments('parseImages', arguments, { files: ARGUMENTS.files, options: ARGUMENTS.options });
  const { classes = 10 } = options;
  const train = parsePair(files.trainImages, files.trainLabels);
  const test = parsePair(files.testImages, files.testLabels);
  checkSameSize(files, train.images, test.images);
  const first = [train, test].some(({ labels }) => labels.includes(0)) ? 0 : 1;
  const isBeyond9 = [train, test].some(({ labels }) => labels.some((label) => label > 9));
  const toClasses = (file: string, { images, labels }: LabelledImages): LabelledImages => {
    return { images, labels: subtractFirst(file, labels, isBeyond9 ? first : 0, classes) };
  };
  return { train: toClasses(files.trainLabels.file, train), test: toClasses(files.testLabels.file, test) };
}

function subtractFirst(file: string, labels: Uint8Array, first: number, classes: number): Uint8Array {
  const at = labels.findIndex((label) => label - first >= classes);
  if (at < 0) return first === 0 ? labels : labels.map((label) => label - first);
  const count = labels.reduce((greatest, label) => Math.max(greatest, label), 0) - first + 1;
  const way = count <= MAX_CLASSES ? `; set classes to ${count} for all of them` : '';
  throw new DataError(file, `labels from ${first} to ${first + classes - 1}`, `${labels[at]} at index ${at}${way}`);
}

/** @throws DataError if the SHA-256 of a file is not that of MNIST */
export function checkOriginal(role: keyof ImageFiles, file: string, digest: Uint8Array): void {
  is.checkArguments('checkOriginal', arguments, { role: is.choice(...roles), file: is.string, digest: is.bytesLike });
  const got = bytesToHex(digest);
  const original = mnistSha256[role];
  if (got !== original) throw new DataError(file, `MNIST's file with the SHA-256 ${original}`, `one with ${got}`);
}

/** Loads the data set with the SHA-256 of each file and of all. */
function loadWithDigests(
  device: Device,
  files: ImageFiles,
  options: ImageOptions,
): ImageData & { digests: Uint8Array[] } {
  const { sha256 = nobleSha256 } = options;
  const digests = roles.map((role) => sha256(files[role].bytes));
  return { ...loadImages(device, files, options), digests, sha256: bytesToHex(sha256(concatBytes(...digests))) };
}

function parsePair(imageFile: NamedBytes, labelFile: NamedBytes): LabelledImages {
  const images = parseIdx(imageFile.bytes, imageFile.file);
  if (images.shape.length !== 3) throw shapeError(imageFile.file, '3 dimensions', images.shape);
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

type Creator = () => TensorDataset;

/**
 * Returns a function that creates a tensor of bytes. Bytes in the device's memory are located at once, because an allocation can
 * detach views of the memory.
 */
function locate(device: Device, data: Uint8Array): (shape: readonly number[]) => Tensor<'uint8'> {
  const pointer: Pointer | undefined = device.arena.pointerOf(data);
  if (pointer === undefined) return (shape) => Tensor.from(device, data, shape, 'uint8');
  return (shape) => new Tensor(device, 'uint8', pointer, shape);
}

/** Returns a function that creates a data set, copying images and labels that are not in the device's memory. */
function locateDataset(device: Device, { images, labels }: LabelledImages): Creator {
  const [count, height, width] = images.shape as [number, number, number];
  const [inputs, classes] = [locate(device, images.data), locate(device, labels)];
  return () => new TensorDataset({ inputs: inputs([count, height * width]), labels: classes([count]) });
}
