// Decodes the generated modules, which contain wasm as text.

/** The exports of a module in `generated/`. */
export interface PackedWasm {
  /** The wasm module, compressed with gzip and encoded in base64. */
  readonly wasm: string;
}

/** Decompresses gzip. */
export type Gunzip = (packed: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>;

/** Returns the wasm bytes of a packed module. */
export async function unpack({ wasm }: PackedWasm, gunzip: Gunzip = decompress): Promise<Uint8Array<ArrayBuffer>> {
  return gunzip(Uint8Array.from(atob(wasm), (character) => character.charCodeAt(0)));
}

async function decompress(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let part = await reader.read(); !part.done; part = await reader.read()) parts.push(part.value);
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
