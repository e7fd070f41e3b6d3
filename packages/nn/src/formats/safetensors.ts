// Safetensors: a length of eight bytes, a JSON header with the position of each tensor, the tensors.
// https://github.com/huggingface/safetensors#format
import { bytesLike, checkArguments, optional, optionsOf, string, strings } from '../core/check.ts';
import { DataError } from '../data/data-error.ts';
import { dtypeBytes, type SavedDType, type SavedTensor, tensorMap } from './dtype.ts';

/** The content of a file. */
export interface Safetensors {
  /** Tensors by name, in the order of the file. */
  readonly tensors: ReadonlyMap<string, SavedTensor>;
  /** Strings by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Checks a `Safetensors`. */
export const contentLike = optionsOf<Safetensors>({ tensors: tensorMap, metadata: strings }, ['tensors', 'metadata']);

const LENGTH_BYTES = 8;
/** The limit of other readers. */
const MAX_HEADER_BYTES = 100_000_000;
/** The offset of the tensors is a multiple of this, so that a reader can create views of the file. */
const ALIGNMENT = 8;

/** Writes a file. The same tensors in the same order give the same bytes. */
export function writeSafetensors(content: Safetensors): Uint8Array<ArrayBuffer> {
  checkArguments('writeSafetensors', arguments, { content: contentLike });
  const { tensors, metadata } = content;
  const entries: string[] = [];
  if (Object.keys(metadata).length > 0) entries.push(`"__metadata__":${JSON.stringify(metadata)}`);
  let end = 0;
  for (const [name, { dtype, shape, bytes }] of tensors) {
    checkTensor(name, { dtype, shape, bytes });
    const place = { dtype, shape, data_offsets: [end, (end += bytes.length)] };
    entries.push(`${JSON.stringify(name)}:${JSON.stringify(place)}`);
  }
  const text = new TextEncoder().encode(`{${entries.join(',')}}`);
  const start = LENGTH_BYTES + Math.ceil(text.length / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(start + end);
  new DataView(file.buffer).setUint32(0, start - LENGTH_BYTES, true);
  file.fill(0x20, LENGTH_BYTES, start).set(text, LENGTH_BYTES);
  let at = start;
  for (const { bytes } of tensors.values()) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}

function checkTensor(name: string, { dtype, shape, bytes }: SavedTensor): void {
  if (name === '__metadata__' || !isWellFormed(name)) {
    throw new RangeError(`[safetensors] expected the name of a tensor but got ${JSON.stringify(name)}`);
  }
  if (bytesNeeded(dtype, shape) === bytes.length) return;
  throw new RangeError(
    `[safetensors] expected the bytes of ${dtype} [${shape.join(', ')}] for ${name} but got ${bytes.length}`,
  );
}

/**
 * Reads a file. Tensors must fill it without gap or overlap, and have the lengths of their shapes.
 * @param file the name of the file, for error messages
 * @returns tensors that are views of `bytes`
 * @throws DataError if the file is invalid
 */
export function readSafetensors(bytes: Uint8Array, file = 'safetensors'): Safetensors {
  checkArguments('readSafetensors', arguments, { bytes: bytesLike, file: optional(string) });
  const start = LENGTH_BYTES + headerLength(bytes, file);
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, start), file);
  const body = bytes.subarray(start);
  const metadata = header.find(([name]) => name === '__metadata__')?.[1] ?? {};
  const positions = header
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => readPosition(name, entry, file))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCover(positions, body.length, file);
  const tensors = positions.map(({ name, dtype, shape, begin, end }): [string, SavedTensor] => [
    name,
    { dtype, shape, bytes: body.subarray(begin, end) },
  ]);
  return { tensors: new Map(tensors), metadata: checkMetadata(metadata, file) };
}

function headerLength(bytes: Uint8Array, file: string): number {
  if (bytes.length < LENGTH_BYTES) {
    throw new DataError(file, 'safetensors, which begin with eight bytes of length', `${bytes.length} bytes in all`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES);
  const length = view.getBigUint64(0, true);
  const maxLength = Math.min(MAX_HEADER_BYTES, bytes.length - LENGTH_BYTES);
  if (length <= maxLength) return Number(length);
  throw new DataError(file, `safetensors with a header of at most ${maxLength} bytes`, `a length of ${length}`);
}

/** Reads the entries of the header. */
function parseHeader(bytes: Uint8Array, file: string): [string, unknown][] {
  const { text, header } = parseJson(bytes, file);
  if (!text.startsWith('{')) throw new DataError(file, 'safetensors with a JSON object as header', 'other content');
  const entries = Object.entries(header);
  const nested = entries.reduce((keys, [, entry]) => keys + (isObject(entry) ? Object.keys(entry).length : 0), 0);
  if (countKeys(text) !== entries.length + nested) {
    throw new DataError(file, 'a header of tensors, each name once', 'a name twice or an object within an entry');
  }
  const malformed = entries.find(([name]) => !isWellFormed(name));
  if (malformed) throw new DataError(file, 'names in Unicode', JSON.stringify(malformed[0]));
  return entries;
}

function parseJson(bytes: Uint8Array, file: string): { text: string; header: object } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, header: JSON.parse(text) as object };
  } catch {
    throw new DataError(file, 'safetensors with a JSON object in UTF-8 as header', 'other content');
  }
}

interface Position {
  readonly name: string;
  readonly dtype: SavedDType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function readPosition(name: string, entry: unknown, file: string): Position {
  const who = JSON.stringify(name);
  if (!isObject(entry)) throw new DataError(file, `${who} to be the entry of a tensor`, describe(entry));
  const { dtype, shape, data_offsets: offsets, ...rest } = entry as Record<string, unknown>;
  const [unknownKey] = Object.keys(rest);
  if (unknownKey !== undefined) {
    throw new DataError(file, `dtype, shape and data_offsets of ${who}`, JSON.stringify(unknownKey));
  }
  if (!isDType(dtype)) throw new DataError(file, `a dtype of ${who} that is known`, describe(dtype));
  if (!areCounts(shape)) throw new DataError(file, `a shape of whole numbers of ${who}`, describe(shape));
  if (!areCounts(offsets) || offsets.length !== 2) {
    throw new DataError(file, `two data_offsets of ${who}`, describe(offsets));
  }
  const [begin, end] = offsets as [number, number];
  const needed = bytesNeeded(dtype, shape);
  if (end - begin !== needed) {
    throw new DataError(file, `${who} of ${dtype} ${describe(shape)} to have ${needed} bytes`, `${end - begin}`);
  }
  return { name, dtype, shape, begin, end };
}

/** Returns the bytes of a tensor, or Infinity if they exceed the safe integers. */
function bytesNeeded(dtype: SavedDType, shape: readonly number[]): number {
  let bytes: number = dtypeBytes[dtype];
  for (const length of shape) {
    bytes *= length;
    if (!Number.isSafeInteger(bytes)) return Number.POSITIVE_INFINITY;
  }
  return bytes;
}

/** @throws DataError unless the tensors fill `length` bytes in order */
function checkCover(positions: readonly Position[], length: number, file: string): void {
  let end = 0;
  for (const { name, begin, end: next } of positions) {
    if (begin !== end || next > length) {
      const expected = `${JSON.stringify(name)} to begin at byte ${end} and end within ${length}`;
      throw new DataError(file, expected, `${begin} to ${next}`);
    }
    end = next;
  }
  if (end !== length) throw new DataError(file, `${end} bytes of tensors, as the header says`, `${length}`);
}

function checkMetadata(metadata: unknown, file: string): Record<string, string> {
  if (isObject(metadata)) {
    const entries = Object.entries(metadata);
    if (entries.every(([name, value]) => typeof value === 'string' && isWellFormed(name) && isWellFormed(value))) {
      return Object.fromEntries(entries) as Record<string, string>;
    }
  }
  throw new DataError(file, '__metadata__ of strings', 'other content');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDType(value: unknown): value is SavedDType {
  return typeof value === 'string' && Object.hasOwn(dtypeBytes, value);
}

function areCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && !Object.is(item, -0) && item >= 0);
}

/** Returns whether a string can be encoded as UTF-8, which lone surrogates cannot. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** Describes a value by one level only, because JSON can be nested deeper than the stack. */
function describe(value: unknown): string {
  const shallow = (item: unknown) => (typeof item === 'object' && item !== null ? '…' : item);
  const text =
    value === undefined ? 'nothing' : JSON.stringify(Array.isArray(value) ? value.map(shallow) : shallow(value));
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Counts the keys of all objects in a valid JSON text, including the duplicates that JSON.parse drops. */
function countKeys(json: string): number {
  // Not a regular expression, which exhausts the stack on strings of millions of escapes.
  let keys = 0;
  for (let at = json.indexOf('"'); at >= 0; at = json.indexOf('"', at)) {
    for (at++; json[at] !== '"'; at++) if (json[at] === '\\') at++;
    for (at++; ' \t\n\r'.includes(json[at] ?? '.'); ) at++;
    if (json[at] === ':') keys++;
  }
  return keys;
}
