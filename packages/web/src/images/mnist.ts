// Fetches MNIST from the folder beside the page in parts: only those that a run needs, cached for the next visit.
import { idxHeader, imageFiles } from '@descent/experiments';
import { computeMnistDigest, type Images, type Role, roles } from './images.ts';
import { sha256Of } from './sha256.ts';
import { unpack } from './unpack.ts';

interface Part {
  readonly file: string;
  readonly rows: number;
  /** Compressed size. */
  readonly bytes: number;
  /** Of the decompressed contents. */
  readonly sha256: string;
}

/** The list that scripts/build.js writes: the parts of each file, and the shape of a row. */
type Manifest = Readonly<Record<Role, { readonly rowShape: readonly number[]; readonly parts: readonly Part[] }>>;

export type OnProgress = (received: number, total: number) => void;

const CACHE = 'descent-data-1';
const isTraining = (role: Role) => role === 'trainImages' || role === 'trainLabels';

/**
 * Fetches at least the first `trainSamples` training images and all test images.
 * @throws Error that names the part that could not be fetched or has a wrong checksum
 */
export async function fetchMnist(trainSamples: number, onProgress: OnProgress): Promise<Images> {
  const manifest = (await (await request('mnist.json')).json()) as Manifest;
  const chosen = roles.map((role) => {
    const { parts } = manifest[role];
    return isTraining(role) ? selectParts(parts, trainSamples) : parts;
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
    const header = idxHeader([countRows(parts), ...manifest[role].rowShape]);
    return [role, { file: imageFiles[role], blob: new Blob([header, ...contents]) }] as const;
  });
  return {
    files: Object.fromEntries(await Promise.all(entries)) as unknown as Images['files'],
    // The digest of the whole data set, although only a part is loaded. The checksum of each part is verified.
    source: { name: 'mnist', sha256: computeMnistDigest() },
    trainCount: countRows(chosen[roles.indexOf('trainImages')] as readonly Part[]),
    classes: 10,
    testCount: countRows(chosen[roles.indexOf('testImages')] as readonly Part[]),
  };
}

function countRows(parts: readonly Part[]): number {
  return parts.reduce((sum, { rows }) => sum + rows, 0);
}

/** Returns the first parts that together have at least `rows` rows. */
function selectParts(parts: readonly Part[], rows: number): readonly Part[] {
  let sum = 0;
  const end = parts.findIndex((part) => (sum += part.rows) >= rows);
  return end < 0 ? parts : parts.slice(0, end + 1);
}

async function fetchPart(part: Part, count: (bytes: number) => void): Promise<Blob> {
  const cache = await openCache();
  const url = toUrl(part.file);
  const cached = await cache?.match(url);
  const packed = cached ? await cached.blob() : await collect(await request(part.file), count);
  if (cached) count(part.bytes);
  const contents = await unpack(packed);
  const got = await sha256Of(contents);
  if (got !== part.sha256) {
    await cache?.delete(url);
    throw new Error(`data/${part.file}: expected the SHA-256 ${part.sha256} but got ${got}; load the page again`);
  }
  if (!cached) await cache?.put(url, new Response(packed)).catch(() => {});
  return contents;
}

/** Opens the cache. Only secure pages (https or localhost) have one. */
async function openCache(): Promise<Cache | undefined> {
  return globalThis.caches?.open(CACHE).catch(() => undefined);
}

function toUrl(name: string): URL {
  return new URL(`data/${name}`, document.baseURI);
}

async function request(name: string): Promise<Response> {
  const response = await fetch(toUrl(name)).catch(() => undefined);
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
