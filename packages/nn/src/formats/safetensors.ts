// safetensors: eight bytes of length, a JSON header that says where each tensor lies, the tensors.
// https://github.com/huggingface/safetensors#format
import { bytesLike, checkArguments, optional, optionsOf, string, strings } from '../core/check.ts';
import { DataError } from '../data/data-error.ts';
import { dtypeBytes, type SavedDType, type SavedTensor, tensorMap } from './dtype.ts';
import { countKeys } from './json-keys.ts';

/** What a file holds. */
export interface Safetensors {
  /** By name, in the order of the file. */
  readonly tensors: ReadonlyMap<string, SavedTensor>;
  /** Strings by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The rule of `Safetensors`. */
export const contentLike = optionsOf<Safetensors>({ tensors: tensorMap, metadata: strings }, ['tensors', 'metadata']);

const LENGTH_BYTES = 8;
/** The most that other readers take; ours need a few hundred bytes a layer. */
const MOST_HEADER_BYTES = 100_000_000;
/** Where the tensors begin is a multiple of this, so that a reader may lay arrays over the file. */
const ALIGNMENT = 8;

/** The bytes of a file: the same tensors in the same order give the same bytes. */
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
 * Reads a file. Every byte of it is accounted for: tensors follow on one another without gap, overlap or rest, and each is
 * as long as its shape says.
 * @param file its name, for the error
 * @returns tensors whose bytes are views of the file's
 * @throws DataError where it is not such a file
 */
export function readSafetensors(bytes: Uint8Array, file = 'safetensors'): Safetensors {
  checkArguments('readSafetensors', arguments, { bytes: bytesLike, file: optional(string) });
  const start = LENGTH_BYTES + headerLength(bytes, file);
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, start), file);
  const body = bytes.subarray(start);
  const metadata = header.find(([name]) => name === '__metadata__')?.[1] ?? {};
  const places = header
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => placeOf(name, entry, file))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCover(places, body.length, file);
  const tensors = places.map(({ name, dtype, shape, begin, end }): [string, SavedTensor] => [
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
  const most = Math.min(MOST_HEADER_BYTES, bytes.length - LENGTH_BYTES);
  if (length <= most) return Number(length);
  throw new DataError(file, `safetensors with a header of at most ${most} bytes`, `a length of ${length}`);
}

/** The entries of the header, each name once. */
function parseHeader(bytes: Uint8Array, file: string): [string, unknown][] {
  const text = decodeUtf8(bytes, file);
  if (!text.startsWith('{')) throw new DataError(file, 'safetensors with a JSON object as header', 'something else');
  const header = parseJson(text, file);
  const entries = Object.entries(header);
  const nested = entries.reduce((keys, [, entry]) => keys + (isObject(entry) ? Object.keys(entry).length : 0), 0);
  if (countKeys(text) !== entries.length + nested) {
    throw new DataError(file, 'a header of tensors, each name once', 'a name twice or an object within an entry');
  }
  const broken = entries.find(([name]) => !isWellFormed(name));
  if (broken) throw new DataError(file, 'names in Unicode', JSON.stringify(broken[0]));
  return entries;
}

function decodeUtf8(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new DataError(file, 'safetensors with a header in UTF-8', 'other bytes');
  }
}

function parseJson(text: string, file: string): object {
  try {
    return JSON.parse(text) as object;
  } catch {
    throw new DataError(file, 'safetensors with a header in JSON', 'a text that is none');
  }
}

interface Place {
  readonly name: string;
  readonly dtype: SavedDType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function placeOf(name: string, entry: unknown, file: string): Place {
  const who = JSON.stringify(name);
  if (!isObject(entry)) throw new DataError(file, `${who} to be the entry of a tensor`, describe(entry));
  const { dtype, shape, data_offsets: offsets, ...rest } = entry as Record<string, unknown>;
  const [stranger] = Object.keys(rest);
  if (stranger !== undefined) {
    throw new DataError(file, `dtype, shape and data_offsets of ${who}`, JSON.stringify(stranger));
  }
  if (!isDType(dtype)) throw new DataError(file, `a dtype of ${who} that is known`, describe(dtype));
  if (!areCounts(shape)) throw new DataError(file, `a shape of whole numbers of ${who}`, describe(shape));
  if (!areCounts(offsets) || offsets.length !== 2) {
    throw new DataError(file, `two data_offsets of ${who}`, describe(offsets));
  }
  const [begin, end] = offsets as [number, number];
  const needed = bytesNeeded(dtype, shape);
  if (end - begin !== needed) {
    throw new DataError(file, `${who} of ${dtype} [${shape.join(', ')}] to have ${needed} bytes`, `${end - begin}`);
  }
  return { name, dtype, shape, begin, end };
}

/** Infinity where the product is beyond all files. */
function bytesNeeded(dtype: SavedDType, shape: readonly number[]): number {
  let bytes: number = dtypeBytes[dtype];
  for (const length of shape) {
    bytes *= length;
    if (!Number.isSafeInteger(bytes)) return Number.POSITIVE_INFINITY;
  }
  return bytes;
}

/** @throws DataError unless the places, in order, fill `length` bytes */
function checkCover(places: readonly Place[], length: number, file: string): void {
  let end = 0;
  for (const { name, begin, end: next } of places) {
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
  throw new DataError(file, '__metadata__ of strings', 'something else');
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

/** Whether UTF-8 can spell it: half a pair of surrogates would come back as another character. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** One level of it: JSON may be nested deeper than any stack. */
function describe(value: unknown): string {
  const shallow = (item: unknown) => (typeof item === 'object' && item !== null ? '…' : item);
  const text =
    value === undefined ? 'nothing' : JSON.stringify(Array.isArray(value) ? value.map(shallow) : shallow(value));
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
