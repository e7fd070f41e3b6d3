// JSON on stdout, with numbers as in records.
import { encodeFloat } from '@descent/experiments';
import { print } from './terminal.ts';

/** Prints the result as JSON. */
export function printJson(document: unknown): void {
  print(JSON.stringify(document, encodeNumber, 2));
}

/**
 * Encodes a number for `JSON.stringify`: NaN, ±Infinity and −0 become strings, a float32 has the digits of its record.
 */
export function encodeNumber(_: string, value: unknown): unknown {
  if (typeof value !== 'number' || (Number.isInteger(value) && !Object.is(value, -0))) return value;
  return !Number.isFinite(value) || Object.is(Math.fround(value), value) ? encodeFloat(value) : value;
}
