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
    const { name } = byRole.get(role) as File;
    const blob = await unpack(byRole.get(role) as File);
    const { shape } = parseIdx(new Uint8Array(await blob.arrayBuffer()), name);
    return { role, file: name, blob, sha256: await sha256Of(blob), count: shape[0] ?? 0 };
  });
  const read = await Promise.all(entries);
  const sha256 = dataDigest(Object.fromEntries(read.map((each) => [each.role, each.sha256])) as Record<Role, string>);
  const countOf = (role: Role) => read.find((each) => each.role === role)?.count ?? 0;
  return {
    files: Object.fromEntries(read.map(({ role, file, blob }) => [role, { file, blob }])) as unknown as Images['files'],
    source: { name: sha256 === mnistDigest() ? 'mnist' : 'own', sha256 },
    trainCount: countOf('trainImages'),
    testCount: countOf('testImages'),
  };
}

/** `train-images-idx3-ubyte` goes by `train-images.idx3-ubyte` too, and either may be gzipped. */
function roleOf(name: string): Role | undefined {
  const plain = name.replace(/\.gz$/, '').replace('.idx', '-idx');
  return roles.find((role) => imageFiles[role] === plain);
}
