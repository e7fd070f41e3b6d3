// Blobs unpacked where they are gzipped. Some hosts unpack .gz files themselves, so the bytes decide.

/** Bytes that come of one, at most: images come to ten times their packed size, zeros to a thousand times. */
const MOST_FROM_ONE = 64;
/** Bytes that any file may come to, and bytes that none may pass. */
const [FREE, MOST] = [2 ** 26, 2 ** 30];

/** @throws TypeError where the gzip stream is damaged; RangeError where a little comes to very much */
export async function unpack(blob: Blob): Promise<Blob> {
  const [first, second] = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
  if (first !== 0x1f || second !== 0x8b) return blob;
  const most = Math.min(MOST, Math.max(FREE, MOST_FROM_ONE * blob.size));
  let count = 0;
  const gauge = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      count += chunk.length;
      if (count > most) controller.terminate();
      else controller.enqueue(chunk);
    },
  });
  const stream = piecesOf(blob).pipeThrough(new DecompressionStream('gzip')).pipeThrough(gauge);
  return new Response(stream).blob().finally(() => {
    if (count > most) throw new RangeError(`expected at most ${Math.floor(most / 1e6)} MB unpacked`);
  });
}

/** What is unpacked at once, before anybody counts. */
const PIECE = 2 ** 16;

function piecesOf(blob: Blob): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      if (at >= blob.size) return controller.close();
      controller.enqueue(new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer()));
      at += PIECE;
    },
  });
}
