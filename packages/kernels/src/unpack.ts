// From the text of a generated module to the bytes of wasm.

/** What a module under `generated/` exports. */
export interface PackedWasm {
  /** Gzipped, in base64. */
  readonly wasm: string;
  /** Where it is there, `wasm` is not the module but edits of this one. */
  readonly base?: PackedWasm;
}

/** Gzipped bytes → what they were. */
export type Gunzip = (packed: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>;

/** The bytes of a packed module, unpacked by `gunzip` or else by the streams that every engine has. */
export async function unpack(
  { wasm, base }: PackedWasm,
  gunzip: Gunzip = decompress,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await gunzip(Uint8Array.from(atob(wasm), (character) => character.charCodeAt(0)));
  return base ? patch(await unpack(base, gunzip), bytes) : bytes;
}

async function decompress(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let part = await reader.read(); !part.done; part = await reader.read()) parts.push(part.value);
  return join(parts);
}

/** What scripts/edits.js says of a module: keep so many bytes, pass over so many, insert so many, and so on. */
function patch(base: Uint8Array<ArrayBuffer>, edits: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const view = new DataView(edits.buffer, edits.byteOffset);
  const word = (index: number) => view.getUint32(4 * index, true);
  const count = word(0);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let [from, inserted] = [0, 4 * (1 + 3 * count)];
  for (let edit = 0; edit < count; edit++) {
    const [keep, skip, insert] = [word(1 + 3 * edit), word(2 + 3 * edit), word(3 + 3 * edit)];
    parts.push(base.subarray(from, from + keep), edits.subarray(inserted, inserted + insert));
    from += keep + skip;
    inserted += insert;
  }
  return join(parts);
}

async function join(parts: Uint8Array<ArrayBuffer>[]): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
