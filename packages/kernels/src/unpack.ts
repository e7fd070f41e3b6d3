// From the text of a generated module to the bytes of wasm.

/** What a module under `generated/` exports. */
export interface PackedWasm {
  /** Gzipped, in base64. */
  readonly wasm: string;
}

/** The bytes of a packed module. */
export async function unpack({ wasm }: PackedWasm): Promise<ArrayBuffer> {
  const packed = Uint8Array.from(atob(wasm), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).arrayBuffer();
}
