// Decompresses blobs that are gzipped. Some hosts decompress .gz files themselves, so the first bytes decide.

/** Maximal ratio of decompressed to compressed bytes. Images reach about 10, a file of zeros 1,000. */
const MAX_RATIO = 64;
/** Below this size the ratio is not checked. */
const MIN_CHECKED_BYTES = 2 ** 26;
const MAX_BYTES = 2 ** 30;

/** @throws TypeError if the gzip stream is damaged; RangeError if it decompresses to too many bytes */
export async function unpack(blob: Blob): Promise<Blob> {
  const [first, second] = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
  if (first !== 0x1f || second !== 0x8b) return blob;
  const most = Math.min(MAX_BYTES, Math.max(MIN_CHECKED_BYTES, MAX_RATIO * blob.size));
  let count = 0;
  const limiter = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      count += chunk.length;
      if (count > most) controller.terminate();
      else controller.enqueue(chunk);
    },
  });
  const stream = toChunkStream(blob).pipeThrough(new DecompressionStream('gzip')).pipeThrough(limiter);
  return new Response(stream).blob().finally(() => {
    if (count > most) throw new RangeError(`expected at most ${Math.floor(most / 1e6)} MB unpacked`);
  });
}

/** Bytes that are decompressed at once, before they are counted. */
const CHUNK_BYTES = 2 ** 16;

function toChunkStream(blob: Blob): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      if (at >= blob.size) return controller.close();
      controller.enqueue(new Uint8Array(await blob.slice(at, at + CHUNK_BYTES).arrayBuffer()));
      at += CHUNK_BYTES;
    },
  });
}
