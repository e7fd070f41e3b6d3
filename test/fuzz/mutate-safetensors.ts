// Changes of safetensors that know where the header ends. The same numbers give the same files.

/** Numbers below a bound from a seed: xorshift, which is good enough to break files with. */
export function dice(seed: number): (bound: number) => number {
  let state = (seed * 2_654_435_761 + 1) >>> 0 || 1;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % bound;
  };
}

type Mutation = (file: Uint8Array, roll: (bound: number) => number) => Uint8Array;

const headerEnd = (file: Uint8Array) =>
  Math.min(file.length, 8 + (file.length < 4 ? 0 : new DataView(file.buffer, file.byteOffset).getUint32(0, true)));

const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

/** What lies have been told with: numbers at the edge, words of JavaScript, other types. */
const words = [
  '0',
  '-1',
  '1e3',
  '1e400',
  '9007199254740993',
  '18446744073709551616',
  '4294967296',
  '0.5',
  'null',
  'true',
  '""',
  '[]',
  '{}',
  '"F16"',
  '"F64"',
  '"I64"',
  '"U8"',
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '"\\ud800"',
  '"\\u0030.weight"',
  '[[[[[[',
  '{"a":',
  '\u0000',
  '\ufeff',
  '"__metadata__"',
]; // prettier-ignore

const mutations: readonly Mutation[] = [
  // A bit anywhere, one in the header, one in the length.
  (file, roll) => flip(file, roll(file.length), roll(8)),
  (file, roll) => flip(file, roll(headerEnd(file)), roll(8)),
  (file, roll) => flip(file, roll(Math.min(8, file.length)), roll(8)),
  // Cut; with more behind it; a piece taken out or repeated.
  (file, roll) => file.slice(0, roll(file.length)),
  (file, roll) =>
    join(
      file,
      Uint8Array.from({ length: 1 + roll(9) }, () => roll(256)),
    ),
  (file, roll) => {
    const [from, length] = [roll(file.length), roll(40)];
    return join(file.subarray(0, from), file.subarray(from + length));
  },
  (file, roll) => {
    const [from, length] = [roll(file.length), roll(40)];
    return join(file.subarray(0, from + length), file.subarray(from));
  },
  // Numbers and words of the header become others, with and without a length that fits.
  (file, roll) => reword(file, roll, /\d+/g, () => String(roll(2) ? roll(100) : words[roll(7)])),
  (file, roll) => reword(file, roll, /"[^"]*"|\d+|\[[^\]]*\]/g, () => words[roll(words.length)] as string),
  (file, roll) => reword(file, roll, /"[^"]*":\{[^}]*\}/g, (found) => `${found},${found}`),
  (file, roll) => reword(file, roll, /,|:|\{|\}|"/g, () => ''),
];

function flip(file: Uint8Array, at: number, bit: number): Uint8Array {
  return file.map((byte, index) => (index === at ? byte ^ (1 << bit) : byte));
}

function reword(
  file: Uint8Array,
  roll: (bound: number) => number,
  pattern: RegExp,
  change: (found: string) => string,
): Uint8Array {
  const end = headerEnd(file);
  const header = new TextDecoder().decode(file.subarray(8, end));
  const places = [...header.matchAll(pattern)];
  const place = places[roll(Math.max(1, places.length))];
  if (!place) return file;
  const text = header.slice(0, place.index) + change(place[0]) + header.slice(place.index + place[0].length);
  const bytes = new TextEncoder().encode(text);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setUint32(0, roll(8) === 0 ? end - 8 : bytes.length, true);
  return join(length, bytes, file.subarray(end));
}

/** One to three changes. */
export function mutateSafetensors(seed: Uint8Array, roll: (bound: number) => number): Uint8Array {
  let file = seed;
  for (let times = 1 + roll(3); times > 0 && file.length > 0; times--) {
    file = (mutations[roll(mutations.length)] as Mutation)(file, roll);
  }
  return file;
}

/** So many mutants, of each of the files in turn. */
export function* mutants(files: readonly Uint8Array[], count: number, seed: number): Generator<Uint8Array> {
  const roll = dice(seed);
  for (let index = 0; index < count; index++) yield mutateSafetensors(files[index % files.length] as Uint8Array, roll);
}
