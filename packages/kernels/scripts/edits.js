// What turns one wasm module into another that is nearly the same: `patch` in src/unpack.ts reads it.

/** So many equal bytes count as the same place. */
const SAME = 12;

/**
 * Words of 32 bits: how many edits there are, then of each how many bytes of the base to keep, to pass over, and to insert;
 * after them the inserted bytes.
 */
export function editsBetween(base, target) {
  const places = placesOf(base);
  const words = [];
  const inserted = [];
  let [from, to] = [0, 0];
  while (from < base.length || to < target.length) {
    const same = commonLength(base, from, target, to);
    const [nextFrom, nextTo] = meet(places, base, from + same, target, to + same);
    words.push(same, nextFrom - from - same, nextTo - to - same);
    inserted.push(target.subarray(to + same, nextTo));
    [from, to] = [nextFrom, nextTo];
  }
  const header = Uint32Array.of(words.length / 3, ...words);
  return Buffer.concat([Buffer.from(header.buffer), ...inserted]);
}

function placesOf(bytes) {
  const places = new Map();
  for (let at = 0; at + SAME <= bytes.length; at++) {
    const key = bytes.toString('latin1', at, at + SAME);
    if (!places.has(key)) places.set(key, []);
    places.get(key).push(at);
  }
  return places;
}

function commonLength(base, from, target, to) {
  let length = 0;
  while (from + length < base.length && to + length < target.length && base[from + length] === target[to + length])
    length++;
  return length;
}

/** The next places of both that are the same again; their ends where there are none. */
function meet(places, base, from, target, to) {
  for (let at = to; at + SAME <= target.length; at++) {
    const found = places.get(target.toString('latin1', at, at + SAME))?.find((place) => place >= from);
    // A place far ahead is the same by chance: what lies between would be lost.
    if (found !== undefined && found - from < 1024) return [found, at];
  }
  return [base.length, target.length];
}
