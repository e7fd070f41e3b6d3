// MNIST from the folder beside the page: in parts, only as many as a run needs, each kept for the next visit.
import { idxHeader, imageFiles } from '@descent/experiments';
import { type Images, mnistDigest, type Role, roles } from './images.ts';
import { sha256Of } from './sha256.ts';
import { unpack } from './unpack.ts';

interface Part {
  readonly file: string;
  readonly rows: number;
  /** As it travels. */
  readonly bytes: number;
  /** Of its contents, unpacked. */
  readonly sha256: string;
}

/** What scripts/build.js writes: the parts of each file, and the shape of a row. */
type Manifest = Readonly<Record<Role, { readonly rowShape: readonly number[]; readonly parts: readonly Part[] }>>;

export type OnProgress = (received: number, total: number) => void;

const CACHE = 'descent-data-1';
const isTraining = (role: Role) => role === 'trainImages' || role === 'trainLabels';

/**
 * The first training images, at least so many, and all test images.
 * @throws Error that names the part that could not be had, or is not what it should be
 */
export async function fetchMnist(trainSamples: number, onProgress: OnProgress): Promise<Images> {
  const manifest = (await (await request('mnist.json')).json()) as Manifest;
  const chosen = roles.map((role) => {
    const { parts } = manifest[role];
    return isTraining(role) ? firstParts(parts, trainSamples) : parts;
  });
  const total = chosen.flat().reduce((sum, { bytes }) => sum + bytes, 0);
  let received = 0;
  const count = (bytes: number) => {
    received += bytes;
    onProgress(Math.min(received, total), total);
  };
  const entries = roles.map(async (role, i) => {
    const parts = chosen[i] as readonly Part[];
    const contents = await Promise.all(parts.map((part) => fetchPart(part, count)));
    const header = idxHeader([rowsOf(parts), ...manifest[role].rowShape]);
    return [role, { file: imageFiles[role], blob: new Blob([header, ...contents]) }] as const;
  });
  return {
    files: Object.fromEntries(await Promise.all(entries)) as unknown as Images['files'],
    // What all four files come to, though only a part of them is here: each part was cut from the original and is checked.
    source: { name: 'mnist', sha256: mnistDigest() },
    trainCount: rowsOf(chosen[roles.indexOf('trainImages')] as readonly Part[]),
    classes: 10,
    testCount: rowsOf(chosen[roles.indexOf('testImages')] as readonly Part[]),
  };
}

function rowsOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { rows }) => sum + rows, 0);
}

/** As many rows as the parts that a run of so many training images takes. */
function firstParts(parts: readonly Part[], rows: number): readonly Part[] {
  let sum = 0;
  const end = parts.findIndex((part) => (sum += part.rows) >= rows);
  return end < 0 ? parts : parts.slice(0, end + 1);
}

async function fetchPart(part: Part, count: (bytes: number) => void): Promise<Blob> {
  const cache = await openCache();
  const url = urlOf(part.file);
  const kept = await cache?.match(url);
  const packed = kept ? await kept.blob() : await collect(await request(part.file), count);
  if (kept) count(part.bytes);
  const contents = await unpack(packed);
  const got = await sha256Of(contents);
  if (got !== part.sha256) {
    await cache?.delete(url);
    throw new Error(`data/${part.file}: expected the SHA-256 ${part.sha256} but got ${got}; load the page again`);
  }
  if (!kept) await cache?.put(url, new Response(packed)).catch(() => {});
  return contents;
}

/** Only secure pages have a cache: https, or this machine's own. */
async function openCache(): Promise<Cache | undefined> {
  return globalThis.caches?.open(CACHE).catch(() => undefined);
}

function urlOf(name: string): URL {
  return new URL(`data/${name}`, document.baseURI);
}

async function request(name: string): Promise<Response> {
  const response = await fetch(urlOf(name)).catch(() => undefined);
  if (response?.ok) return response;
  throw new Error(`data/${name}: expected the file beside the page but got ${response?.status ?? 'no answer'}`);
}

async function collect(response: Response, count: (bytes: number) => void): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const reader = (response.body as ReadableStream<Uint8Array<ArrayBuffer>>).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return new Blob(chunks);
    chunks.push(value);
    count(value.length);
  }
}
