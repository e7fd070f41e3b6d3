// Reads the reader's own images: files named as MNIST's, EMNIST's or QMNIST's, or Kaggle's CSV tables, gzipped or not.
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
import { computeDataDigest, computeMnistDigest, type Images, type Role, roles } from './images.ts';
import { sha256Of } from './sha256.ts';
import { unpack } from './unpack.ts';

/** Returns whether the name of a file is that of a data set. */
export function isImageFile({ name }: File): boolean {
  return imageFileRole(name) !== undefined;
}

/** @throws DataError if a file is missing, has a wrong format, or does not fit the others */
export async function readOwnImages(chosen: readonly File[]): Promise<Images> {
  const read = await Promise.all(chosen.filter(isImageFile).map(readOwnFile));
  const names = findImageFiles(chosen[0]?.name ?? '', [...read.map(({ file }) => file)]);
  const files = collectImageFiles(names, (name) => read.find(({ file }) => file === name) as NamedBytes);
  const { train, test } = parseImages(files, { classes: MAX_CLASSES });
  const digests = roles.map(async (role) => [role, await sha256Of(new Blob([files[role].bytes as BlobPart]))]);
  const sha256 = computeDataDigest(Object.fromEntries(await Promise.all(digests)) as Record<Role, string>);
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
    source: { name: sha256 === computeMnistDigest() ? 'mnist' : 'own', sha256 },
    trainCount: train.labels.length,
    testCount: test.labels.length,
    classes: 1 + Math.max(getMaxLabel(train), getMaxLabel(test)),
  };
}

const getMaxLabel = ({ labels }: LabelledImages) => labels.reduce((most, label) => Math.max(most, label), 0);

async function readOwnFile(file: File): Promise<NamedBytes> {
  const blob = await unpack(file).catch((error: unknown) => {
    if (error instanceof RangeError) throw new Error(`${file.name}: ${error.message}`);
    throw new Error(`${file.name}: expected a whole gzip file but it is damaged; fetch it again`);
  });
  return { file: file.name, bytes: new Uint8Array(await blob.arrayBuffer()) };
}
