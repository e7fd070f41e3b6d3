// Images on their way to the workers: four IDX files as blobs, which many threads read and none copies until it needs to.
import { digestBytes, type ImageFiles, imageFiles, mnistSha256, type RunRecord } from '@descent/experiments';

export type Role = keyof ImageFiles;

export const roles = Object.keys(imageFiles) as Role[];

export interface Images {
  readonly files: Readonly<Record<Role, { readonly file: string; readonly blob: Blob }>>;
  /** What a record says of them. */
  readonly source: RunRecord['data'];
  readonly trainCount: number;
  readonly testCount: number;
}

/** The digest of a data set: SHA-256 over those of its four files, each in hexadecimal. */
export function dataDigest(sha256: Readonly<Record<Role, string>>): string {
  const pairs = roles.flatMap((role) => sha256[role].match(/../g) ?? []);
  return digestBytes(Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16)));
}

/** What all of MNIST comes to. */
export function mnistDigest(): string {
  return dataDigest(mnistSha256);
}

/** Rows and columns of an image, as the test images' file begins. */
export async function imageShapeOf({ files }: Images): Promise<[rows: number, columns: number]> {
  const header = new DataView(await files.testImages.blob.slice(0, 16).arrayBuffer());
  return [header.getUint32(8), header.getUint32(12)];
}

/** One of the test images, read from where it stands in its file. */
export async function testImage(images: Images, index: number) {
  const read = async (role: Role, start: number, length: number) =>
    new Uint8Array(await images.files[role].blob.slice(start, start + length).arrayBuffer());
  const [rows, columns] = await imageShapeOf(images);
  const size = rows * columns;
  const [label = 0] = await read('testLabels', 8 + index, 1);
  return { pixels: await read('testImages', 16 + index * size, size), index, label };
}

/** The files as kernels take them. */
export async function readImages({ files }: Images): Promise<ImageFiles> {
  const entries = roles.map(async (role) => {
    const { file, blob } = files[role];
    return [role, { file, bytes: new Uint8Array(await blob.arrayBuffer()) }] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as unknown as ImageFiles;
}
