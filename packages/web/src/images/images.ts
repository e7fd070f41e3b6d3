// Images as four IDX files in blobs: workers share a blob without a copy and read it when they need it.
import {
  digestBytes,
  type ImageFiles,
  imageFiles,
  mnistSha256,
  type RunRecord,
  readIdxHeader,
} from '@descent/experiments';

export type Role = keyof ImageFiles;

export const roles = Object.keys(imageFiles) as Role[];

export interface Images {
  readonly files: Readonly<Record<Role, { readonly file: string; readonly blob: Blob }>>;
  /** Name and digest of the data, as in a record. */
  readonly source: RunRecord['data'];
  readonly trainCount: number;
  readonly testCount: number;
  /** One more than the greatest label. */
  readonly classes: number;
}

/** Computes the digest of a data set: SHA-256 of the digests of its four files. */
export function computeDataDigest(sha256: Readonly<Record<Role, string>>): string {
  const pairs = roles.flatMap((role) => sha256[role].match(/../g) ?? []);
  return digestBytes(Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16)));
}

/** Computes the digest of MNIST. */
export function computeMnistDigest(): string {
  return computeDataDigest(mnistSha256);
}

/** Reads the header of a file. Headers of images and labels have at most 16 bytes. */
async function readHeader({ files }: Images, role: Role) {
  const { file, blob } = files[role];
  return readIdxHeader(new Uint8Array(await blob.slice(0, 16).arrayBuffer()), file);
}

/** Reads the rows and columns of an image from the header of the test images. */
export async function getImageShape(images: Images): Promise<[rows: number, columns: number]> {
  const [, rows = 0, columns = 0] = (await readHeader(images, 'testImages')).shape;
  return [rows, columns];
}

/** Reads one test image and its label. */
export async function readTestImage(images: Images, index: number) {
  const read = async (role: Role) => {
    const { start, shape } = await readHeader(images, role);
    const size = shape.slice(1).reduce((product, extent) => product * extent, 1);
    const at = start + index * size;
    return new Uint8Array(await images.files[role].blob.slice(at, at + size).arrayBuffer());
  };
  const [label = 0] = await read('testLabels');
  return { pixels: await read('testImages'), index, label };
}

/** Reads the bytes of all files. */
export async function readImages({ files }: Images): Promise<ImageFiles> {
  const entries = roles.map(async (role) => {
    const { file, blob } = files[role];
    return [role, { file, bytes: new Uint8Array(await blob.arrayBuffer()) }] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as unknown as ImageFiles;
}
