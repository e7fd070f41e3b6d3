// The results of a benchmark in the hash of a link: packed, checked by a digest, and read with suspicion.
import { digestBytes } from '@descent/experiments';
import { type BenchView, packView, unpackView } from '@descent/experiments/bench';

/** As text; what a suite comes to is far below. */
const LONGEST = 64_000;
const DIGITS = 16;

/** `#bench?digest=…&results=…`. */
export async function linkToView(view: BenchView): Promise<string> {
  const bytes = new TextEncoder().encode(packView(view));
  const packed = new Uint8Array(await new Response(through(bytes, new CompressionStream('deflate-raw'))).arrayBuffer());
  const text = btoa(String.fromCharCode(...packed))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
  return `#bench?digest=${digestBytes(bytes).slice(0, DIGITS)}&results=${text}`;
}

/**
 * What a link carries; undefined where it carries no results.
 * @throws Error where they are damaged, or not a benchmark
 */
export async function viewFrom(hash: string): Promise<BenchView | undefined> {
  const query = new URLSearchParams(hash.split('?')[1] ?? '');
  const results = query.get('results');
  if (results === null) return undefined;
  const bytes = await unpacked(results).catch(() => undefined);
  if (!bytes || digestBytes(bytes).slice(0, DIGITS) !== query.get('digest')) {
    throw new Error('[bench] expected the results of a benchmark but the link is damaged');
  }
  return unpackView(new TextDecoder().decode(bytes));
}

async function unpacked(results: string): Promise<Uint8Array> {
  const packed = Uint8Array.from(atob(results.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  const reader = through(packed, new DecompressionStream('deflate-raw')).getReader();
  const bytes: number[] = [];
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    // A few bytes can unpack to gigabytes.
    if (bytes.length + part.value.length > LONGEST) throw new RangeError('[bench] the results are too long');
    bytes.push(...part.value);
  }
  return Uint8Array.from(bytes);
}

function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new Blob([bytes]).stream().pipeThrough(stream);
}
