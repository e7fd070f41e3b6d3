// JSON on stdout: numbers as in records.
import { encodeFloat } from '@descent/experiments';
import { print } from './terminal/terminal.ts';

/** Writes the result as JSON. */
export function printJson(document: unknown): void {
  print(JSON.stringify(document, encodeNumber, 2));
}

/** A replacer of `JSON.stringify`. NaN, ±Infinity and −0 become strings; a float32 has the digits that its record has. */
export function encodeNumber(_: string, value: unknown): unknown {
  if (typeof value !== 'number' || (Number.isInteger(value) && !Object.is(value, -0))) return value;
  return !Number.isFinite(value) || Object.is(Math.fround(value), value) ? encodeFloat(value) : value;
}
