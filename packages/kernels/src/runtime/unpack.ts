// From the text of a generated module to the bytes of wasm.

/** What a module under `generated/` exports. */
export interface PackedWasm {
  /** Gzipped, in base64. */
  readonly wasm: string;
}

/** Decompresses gzipped bytes. */
export type Gunzip = (packed: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>;

/** Returns the bytes of a packed module, decompressed by `gunzip` or else by the streams that every engine has. */
export async function unpack({ wasm }: PackedWasm, gunzip: Gunzip = decompress): Promise<Uint8Array<ArrayBuffer>> {
  return gunzip(Uint8Array.from(atob(wasm), (character) => character.charCodeAt(0)));
}

async function decompress(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let part = await reader.read(); !part.done; part = await reader.read()) parts.push(part.value);
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
