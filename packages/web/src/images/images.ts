// Images on their way to the workers: four IDX files as blobs, which many threads read and none copies until it needs to.
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
  /** What a record says of them. */
  readonly source: RunRecord['data'];
  readonly trainCount: number;
  readonly testCount: number;
  /** One more than the greatest label. */
  readonly classes: number;
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

/** What a file begins with; 16 bytes hold every header of ours. */
async function headerOf({ files }: Images, role: Role) {
  const { file, blob } = files[role];
  return readIdxHeader(new Uint8Array(await blob.slice(0, 16).arrayBuffer()), file);
}

/** Rows and columns of an image, as the test images' file begins. */
export async function imageShapeOf(images: Images): Promise<[rows: number, columns: number]> {
  const [, rows = 0, columns = 0] = (await headerOf(images, 'testImages')).shape;
  return [rows, columns];
}

/** One of the test images, read from where it stands in its file. */
export async function testImage(images: Images, index: number) {
  const read = async (role: Role) => {
    const { start, shape } = await headerOf(images, role);
    const size = shape.slice(1).reduce((product, extent) => product * extent, 1);
    const at = start + index * size;
    return new Uint8Array(await images.files[role].blob.slice(at, at + size).arrayBuffer());
  };
  const [label = 0] = await read('testLabels');
  return { pixels: await read('testImages'), index, label };
}

/** The files as kernels take them. */
export async function readImages({ files }: Images): Promise<ImageFiles> {
  const entries = roles.map(async (role) => {
    const { file, blob } = files[role];
    return [role, { file, bytes: new Uint8Array(await blob.arrayBuffer()) }] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as unknown as ImageFiles;
}
