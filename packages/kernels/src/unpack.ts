// From the text of a generated module to the bytes of wasm.

/** What a module under `generated/` exports. */
export interface PackedWasm {
  /** Gzipped, in base64. */
  readonly wasm: string;
}

/** Gzipped bytes → what they were. */
export type Gunzip = (packed: Uint8Array) => Uint8Array<ArrayBuffer>;

/** The bytes of a packed module, unpacked by `gunzip` or else by the streams that every engine has. */
export async function unpack({ wasm }: PackedWasm, gunzip?: Gunzip): Promise<BufferSource> {
  const packed = Uint8Array.from(atob(wasm), (character) => character.charCodeAt(0));
  if (gunzip) return gunzip(packed);
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let part = await reader.read(); !part.done; part = await reader.read()) parts.push(part.value);
  return new Blob(parts).arrayBuffer();
}
