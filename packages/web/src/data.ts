// MNIST from the folder beside the page, with progress.
import { type ImageFiles, imageFiles } from '@descent/experiments';

type Role = keyof ImageFiles;

/**
 * The four files, unpacked.
 * @throws Error that names the file that could not be had
 */
export async function fetchImages(onProgress: (received: number, total: number) => void): Promise<ImageFiles> {
  const roles = Object.keys(imageFiles) as Role[];
  const responses = await Promise.all(roles.map((role) => request(imageFiles[role])));
  const total = responses.reduce((sum, { headers }) => sum + Number(headers.get('content-length') ?? 0), 0);
  let received = 0;
  const count = (bytes: number) => {
    received += bytes;
    onProgress(received, Math.max(total, received));
  };
  const files = await Promise.all(responses.map(async (response) => unpack(await collect(response, count))));
  const entries = roles.map((role, index) => [role, { file: imageFiles[role], bytes: files[index] }]);
  return Object.fromEntries(entries) as ImageFiles;
}

async function request(name: string): Promise<Response> {
  const url = new URL(`data/${name}.gz`, import.meta.url);
  const response = await fetch(url).catch(() => undefined);
  if (response?.ok) return response;
  throw new Error(`data/${name}.gz: expected the file beside the page but got ${response?.status ?? 'no answer'}`);
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

/** Some hosts unpack .gz files themselves, so the bytes decide. */
async function unpack(blob: Blob): Promise<Uint8Array> {
  const [first, second] = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
  const packed = first === 0x1f && second === 0x8b;
  const stream = packed ? blob.stream().pipeThrough(new DecompressionStream('gzip')) : blob.stream();
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
