// Four IDX files of the reader's own, in MNIST's arrangement, gzipped or not.
import { imageFiles, parseIdx } from '@descent/experiments';
import { signal } from '@preact/signals';
import { dataDigest, type Images, mnistDigest, type Role, roles } from './images.ts';
import { sha256Of } from './sha256.ts';
import { unpack } from './unpack.ts';

/** What runs on images train on, where it is not MNIST. */
export const ownImages = signal<Images | undefined>(undefined);

/** Whether a file goes by the name of one of the four. */
export function isImageFile({ name }: File): boolean {
  return roleOf(name) !== undefined;
}

/**
 * @throws Error that names what is missing
 * @throws DataError where a file is not IDX
 */
export async function readOwnImages(given: readonly File[]): Promise<Images> {
  const byRole = new Map(given.map((file) => [roleOf(file.name), file]));
  const missing = roles.filter((role) => !byRole.has(role)).map((role) => imageFiles[role]);
  if (missing.length > 0) throw new Error(`${missing.join(', ')}: expected all four files together but not these`);
  const entries = roles.map(async (role) => {
    const given = byRole.get(role) as File;
    const { name } = given;
    const blob = await unpack(given).catch((error: unknown) => {
      if (error instanceof RangeError) throw new Error(`${name}: ${error.message}`);
      throw new Error(`${name}: expected a whole gzip file but it is damaged; fetch it again`);
    });
    const { shape, data } = parseIdx(new Uint8Array(await blob.arrayBuffer()), name);
    if (shape.length === 1) checkLabels(data, name);
    return { role, file: name, blob, sha256: await sha256Of(blob), shape };
  });
  const read = await Promise.all(entries);
  const shapeOf = (role: Role) => read.find((each) => each.role === role)?.shape ?? [];
  checkShapes(shapeOf);
  const sha256 = dataDigest(Object.fromEntries(read.map((each) => [each.role, each.sha256])) as Record<Role, string>);
  return {
    files: Object.fromEntries(read.map(({ role, file, blob }) => [role, { file, blob }])) as unknown as Images['files'],
    source: { name: sha256 === mnistDigest() ? 'mnist' : 'own', sha256 },
    trainCount: shapeOf('trainImages')[0] ?? 0,
    testCount: shapeOf('testImages')[0] ?? 0,
  };
}

const CLASSES = 10;

function checkLabels(labels: Uint8Array, file: string): void {
  const wrong = labels.find((label) => label >= CLASSES);
  if (wrong !== undefined) throw new Error(`${file}: expected labels from 0 to ${CLASSES - 1} but got ${wrong}`);
}

/** Images in three dimensions, of one size in both parts, with a label each. */
function checkShapes(shapeOf: (role: Role) => readonly number[]): void {
  const side = shapeOf('trainImages').slice(1);
  for (const [images, labels] of [
    ['trainImages', 'trainLabels'],
    ['testImages', 'testLabels'],
  ] as const) {
    const [shape, count] = [shapeOf(images), shapeOf(labels)];
    if (shape.length !== 3 || shape.slice(1).join() !== side.join()) {
      throw new Error(`${imageFiles[images]}: expected images of ${side.join(' × ')} but got [${shape}]`);
    }
    if (count.length !== 1 || count[0] !== shape[0]) {
      throw new Error(`${imageFiles[labels]}: expected ${shape[0]} labels, one an image, but got [${count}]`);
    }
  }
}

/** `train-images-idx3-ubyte` goes by `train-images.idx3-ubyte` too, and either may be gzipped. */
function roleOf(name: string): Role | undefined {
  const plain = name.replace(/\.gz$/, '').replace('.idx', '-idx');
  return roles.find((role) => imageFiles[role] === plain);
}
