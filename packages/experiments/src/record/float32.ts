// float32 values as JSON: the shortest decimal that reads back to the same float32, and a spelling for what JSON lacks.

/** What stands in JSON for a number that JSON cannot spell; −0 is among them, since JSON.stringify drops its sign. */
export const spelledFloats = ['NaN', 'Infinity', '-Infinity', '-0'] as const;
export type SpelledFloat = (typeof spelledFloats)[number];

/** A float32 as JSON. The number given need not be a float32 yet; it is rounded first. */
export function encodeFloat(value: number): number | SpelledFloat {
  if (Number.isNaN(value)) return 'NaN';
  const rounded = Math.fround(value);
  if (Object.is(rounded, -0)) return '-0';
  if (!Number.isFinite(rounded)) return rounded > 0 ? 'Infinity' : '-Infinity';
  return shortest(rounded);
}

/** The float32 that `encodeFloat` spelled. */
export function decodeFloat(json: number | SpelledFloat): number {
  return Math.fround(Number(json));
}

/** The float64 of fewest digits that rounds to a float32; nine digits always suffice. */
function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return Number(value.toPrecision(9));
}
