// Arbitraries of fast-check that damage good inputs: text, JSON within text, bytes, and headers of safetensors.
import fc from 'fast-check';

type Edit<I> = (input: I) => I;

/** A longer mutant is cut here, because repeated copies would grow to gigabytes. */
const MAX_LENGTH = 1_000_000;

/** Strings that often break programs: signs, limits, names of JavaScript, paths, markup, control characters. */
const NASTY_STRINGS = [
  ...['', ' ', '-', '--', '=', '0', '-0', '-1', '1e999', '-1e999', '1e-999', 'NaN', 'Infinity', '0x10', '1_000', '٣'],
  ...['2147483648', '4294967296', '9007199254740993', '1x4294967296', '1,'.repeat(300), 'null', 'true', '[]', '{}'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', '../../etc/passwd', '..\\..\\x'],
  ...['/etc/passwd', 'C:\\x', 'CON', 'nul.json', 'a.', '~', '.', '..', '%2e%2e%2f', '%00', '%', '%u0041', '%ff%fe'],
  ...['<img src=x onerror=alert(1)>', '{{7*7}}', "'; --", '\u0000', '\u2028', '\ufeff', '\ud800', '\u202e', '한글'],
  ...['🜏', '\r\n', '\n', '\t', '"', '\\', '\\u0000', 'A'.repeat(1_000)],
];
const NASTY_NUMBERS = [0, -0, 1, -1, 0.5, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 32, 2 ** 53];

/** An index before it is reduced to the length of the input. */
const place = fc.noBias(fc.nat(2 ** 30));
const span = fc.oneof({ weight: 7, arbitrary: fc.integer({ min: 1, max: 8 }) }, fc.integer({ min: 1, max: 5_000 }));

function applyEdits<I extends string | Uint8Array>(
  seeds: readonly I[],
  edit: fc.Arbitrary<Edit<I>>,
  maxEdits: number,
): fc.Arbitrary<I> {
  const edits = fc.oneof(fc.tuple(edit), fc.array(edit, { minLength: 1, maxLength: maxEdits }));
  return fc
    .tuple(fc.constantFrom(...seeds), edits)
    .map(([seed, all]) => all.reduce((input, each) => each(input).slice(0, MAX_LENGTH) as I, seed));
}

/** Damages text by one to eight edits of characters, or of values where the text or a line of it is JSON. */
export function mutateText(seeds: readonly string[], words: readonly string[] = []): fc.Arbitrary<string> {
  return applyEdits(seeds, fc.oneof(spliceText(seeds, words), editJson(words)), 8);
}

/** Replaces a part of a text: by nothing, by copies of it, by a word, by characters, or by a part of another seed. */
function spliceText(seeds: readonly string[], words: readonly string[]): fc.Arbitrary<Edit<string>> {
  const replacement: fc.Arbitrary<Edit<string>> = fc.oneof(
    fc.constantFrom<Edit<string>>(
      () => '',
      (part) => part.repeat(3),
      (part) => part.repeat(1_000),
    ),
    fc.constantFrom(...NASTY_STRINGS, ...words).map((word) => () => word),
    fc.string({ unit: 'binary', maxLength: 3 }).map((text) => () => text),
    fc.tuple(fc.constantFrom(...seeds), place).map(
      ([seed, start]) =>
        () =>
          seed.slice(start % (seed.length + 1)),
    ),
  );
  return fc.tuple(place, span, replacement, fc.boolean()).map(([at, length, replace, isWord]) => (text) => {
    const found = isWord ? [...text.matchAll(/[\w.+-]+/g)] : [];
    const word = found[at % Math.max(1, found.length)];
    const start = word?.index ?? at % (text.length + 1);
    const end = start + (word?.[0].length ?? length);
    return text.slice(0, start) + replace(text.slice(start, end)) + text.slice(end);
  });
}

type Tree = Record<string, unknown>;

/** Changes one value of a JSON text, or of one of its lines. The result is JSON, which a schema must reject. */
function editJson(words: readonly string[]): fc.Arbitrary<Edit<string>> {
  const value = fc.oneof(
    fc.constantFrom<unknown>(...NASTY_NUMBERS, ...NASTY_STRINGS, ...words, null, true, [], {}, { length: 1e9 }),
    fc.jsonValue(),
    fc.constantFrom(2, 100, 3_000).map((length) => new Array(length).fill(0)),
    fc.constantFrom(10, 500).map((depth) => JSON.parse('[{"a":'.repeat(depth) + '}]'.repeat(depth).replace('}', '0}'))),
  );
  const action = fc.constantFrom('replace', 'replace', 'adjust', 'delete', 'rename', 'copy');
  return fc.tuple(place, place, action, value).map(([at, other, name, fresh]) => (text) => {
    const edit = (json: string) => {
      const root = { value: parseJson(json) };
      if (root.value === undefined) return undefined;
      const places = collectPlaces(root);
      const [parent, key] = places[at % places.length] as Place;
      const [donor, donorKey] = places[other % places.length] as Place;
      if (name === 'delete' && Array.isArray(parent)) parent.splice(Number(key), 1);
      else if (name === 'delete') delete parent[key];
      else if (name === 'rename') define(parent, String(fresh), parent[key]);
      else if (name === 'copy') define(parent, key, structuredClone(donor[donorKey]));
      else if (name === 'adjust' && typeof parent[key] === 'number') define(parent, key, adjust(parent[key], other));
      else define(parent, key, fresh);
      // JSON.stringify cannot write a number that JSON.parse reads as Infinity.
      return JSON.stringify(root.value)?.replaceAll('"1e999"', '1e999');
    };
    const whole = edit(text);
    if (whole !== undefined) return whole;
    const lines = text.split('\n');
    const line = other % lines.length;
    const changed = edit(lines[line] as string);
    return changed === undefined ? text : lines.with(line, changed).join('\n');
  });
}

const adjust = (value: number, choice: number) =>
  [value + 1, value - 1, 2 * value, value / 2, -value, value + 1e9][choice % 6];

/** Sets a key as JSON.parse does, `__proto__` included. */
function define(tree: Tree, key: string, value: unknown): void {
  if (Array.isArray(tree) && !/^\d{1,4}$/.test(key)) tree.push(value);
  else Object.defineProperty(tree, key, { value, enumerable: true, configurable: true, writable: true });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Place = readonly [parent: Tree, key: string];

/** Lists the values of a tree, at most 60 of each object or array and 2,000 in all. */
function collectPlaces(tree: Tree, places: Place[] = []): Place[] {
  for (const key of Object.keys(tree).slice(0, 60)) {
    if (places.length > 2_000) break;
    places.push([tree, key]);
    if (typeof tree[key] === 'object' && tree[key] !== null) collectPlaces(tree[key] as Tree, places);
  }
  return places;
}

/** Damages bytes by one to eight edits, half of them in the first 64 bytes. */
export function mutateBytes(seeds: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  return applyEdits(seeds, spliceBytes, 8);
}

const integerBytes = fc
  .tuple(
    fc.constantFrom(0n, 1n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 63n - 1n, 2n ** 64n - 1n),
    fc.constantFrom(1, 2, 4, 8),
    fc.boolean(),
  )
  .map(([value, size, isLittleEndian]) => {
    const bytes = Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
    return isLittleEndian ? bytes : bytes.reverse();
  });

const spliceBytes: fc.Arbitrary<Edit<Uint8Array>> = fc
  .tuple(
    place,
    fc.boolean(),
    fc.oneof(
      fc.nat(7).map((bit) => (bytes: Uint8Array, at: number) => bytes.map((b, i) => (i === at ? b ^ (1 << bit) : b))),
      integerBytes.map((fresh) => (bytes: Uint8Array, at: number) => joinBytes(bytes, at, at + fresh.length, fresh)),
      fc
        .uint8Array({ maxLength: 9 })
        .map((fresh) => (bytes: Uint8Array, at: number) => joinBytes(bytes, at, at, fresh)),
      span.map((length) => (bytes: Uint8Array, at: number) => joinBytes(bytes, at, at + length, [])),
      span.map(
        (length) => (bytes: Uint8Array, at: number) => joinBytes(bytes, at, at, bytes.subarray(at, at + length)),
      ),
      fc.constant((bytes: Uint8Array, at: number) => bytes.slice(0, at)),
    ),
  )
  .map(
    ([at, isNear, edit]) =>
      (bytes) =>
        edit(bytes, at % (Math.min(bytes.length, isNear ? 64 : bytes.length) + 1)),
  );

const joinBytes = (bytes: Uint8Array, start: number, end: number, fresh: ArrayLike<number>) =>
  Uint8Array.from([...bytes.subarray(0, start), ...Array.from(fresh), ...bytes.subarray(end)]);

/** Damages safetensors by one to three edits of bytes or of the JSON header, most of them with a length that fits. */
export function mutateSafetensors(seeds: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const words = ['"F16"', '"F64"', '"I64"', '"U8"', '"\\u0030.weight"', '"__metadata__"', '[[[[[[', '{"a":'];
  const editHeader = fc
    .tuple(fc.oneof(spliceText(['{}'], words), editJson(['F16', 'F64', 'I64', 'U8'])), fc.nat(7))
    .map(([edit, chance]) => (file: Uint8Array) => {
      const end = 8 + (file.length < 4 ? 0 : new DataView(file.buffer, file.byteOffset).getUint32(0, true));
      const header = new TextEncoder().encode(edit(new TextDecoder().decode(file.subarray(8, end))));
      const length = new Uint8Array(8);
      new DataView(length.buffer).setUint32(0, chance === 0 ? end - 8 : header.length, true);
      return Uint8Array.from([...length, ...header, ...file.subarray(end)]);
    });
  return applyEdits(seeds, fc.oneof(spliceBytes, editHeader), 3);
}
