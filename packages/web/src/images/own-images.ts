// Images of the reader's own: files by MNIST's, EMNIST's or QMNIST's names, or tables of Kaggle's kind, gzipped or not.
import {
  collectImageFiles,
  findImageFiles,
  idxHeader,
  imageFileRole,
  type LabelledImages,
  MAX_CLASSES,
  type NamedBytes,
  parseImages,
} from '@descent/experiments';
import { signal } from '@preact/signals';
import { dataDigest, type Images, mnistDigest, type Role, roles } from './images.ts';
import { sha256Of } from './sha256.ts';
import { unpack } from './unpack.ts';

/** What runs on images train on, where it is not MNIST. */
export const ownImages = signal<Images | undefined>(undefined);

/** Whether a file is part of a data set, by its name. */
export function isImageFile({ name }: File): boolean {
  return imageFileRole(name) !== undefined;
}

/** @throws DataError where a file is missing, is none of its kind, or does not fit the others */
export async function readOwnImages(given: readonly File[]): Promise<Images> {
  const read = await Promise.all(given.filter(isImageFile).map(readOwnFile));
  const names = findImageFiles(given[0]?.name ?? '', [...read.map(({ file }) => file)]);
  const files = collectImageFiles(names, (name) => read.find(({ file }) => file === name) as NamedBytes);
  const { train, test } = parseImages(files, { classes: MAX_CLASSES });
  const digests = roles.map(async (role) => [role, await sha256Of(new Blob([files[role].bytes as BlobPart]))]);
  const sha256 = dataDigest(Object.fromEntries(await Promise.all(digests)) as Record<Role, string>);
  const blob = (role: Role, parts: readonly Uint8Array[]) => ({
    file: files[role].file,
    blob: new Blob([...parts] as BlobPart[]),
  });
  const labels = (role: Role, { labels: classes }: LabelledImages) =>
    blob(role, [idxHeader([classes.length]), classes]);
  return {
    files: {
      trainImages: blob('trainImages', [files.trainImages.bytes]),
      trainLabels: labels('trainLabels', train),
      testImages: blob('testImages', [files.testImages.bytes]),
      testLabels: labels('testLabels', test),
    },
    source: { name: sha256 === mnistDigest() ? 'mnist' : 'own', sha256 },
    trainCount: train.labels.length,
    testCount: test.labels.length,
    classes: 1 + Math.max(greatest(train), greatest(test)),
  };
}

const greatest = ({ labels }: LabelledImages) => labels.reduce((most, label) => Math.max(most, label), 0);

async function readOwnFile(file: File): Promise<NamedBytes> {
  const blob = await unpack(file).catch((error: unknown) => {
    if (error instanceof RangeError) throw new Error(`${file.name}: ${error.message}`);
    throw new Error(`${file.name}: expected a whole gzip file but it is damaged; fetch it again`);
  });
  return { file: file.name, bytes: new Uint8Array(await blob.arrayBuffer()) };
}
