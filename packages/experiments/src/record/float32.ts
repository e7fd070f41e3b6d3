// float32 values in JSON: the shortest decimal that parses to the same float32, and strings for values that JSON lacks.

/** Strings for values that JSON cannot represent. −0 is one of them because `JSON.stringify` drops its sign. */
export const spelledFloats = ['NaN', 'Infinity', '-Infinity', '-0'] as const;
export type SpelledFloat = (typeof spelledFloats)[number];

/** Rounds a number to float32 and converts it to a JSON value. */
export function encodeFloat(value: number): number | SpelledFloat {
  if (Number.isNaN(value)) return 'NaN';
  const rounded = Math.fround(value);
  if (Object.is(rounded, -0)) return '-0';
  if (!Number.isFinite(rounded)) return rounded > 0 ? 'Infinity' : '-Infinity';
  return toShortest(rounded);
}

/** Returns the float32 that `encodeFloat` converted. */
export function decodeFloat(json: number | SpelledFloat): number {
  return Math.fround(Number(json));
}

/** Returns the number with the fewest digits that rounds to a float32; nine digits always suffice. */
function toShortest(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return Number(value.toPrecision(9));
}
