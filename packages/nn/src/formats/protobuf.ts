// Encoding of protocol buffers. A message is the concatenation of its fields.
// https://protobuf.dev/programming-guides/encoding
import { concatBytes } from '@noble/hashes/utils.js';

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

/** Encodes an integer in groups of seven bits, the lowest first. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  if (value >= 0 && value < 2 ** 31) {
    let rest = value;
    for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
    bytes.push(rest);
    return bytes;
  }
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

const key = (field: number, wire: number) => varint(field * 8 + wire);

/** Encodes an int32, int64, bool or enum. */
export function integer(field: number, value: number): Uint8Array {
  return Uint8Array.from([...key(field, VARINT), ...varint(value)]);
}

/** Encodes a float32. */
export function float(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(Float32Array.of(value).buffer);
  return Uint8Array.from([...key(field, FIXED32), ...bytes]);
}

/** Encodes a float64. */
export function double(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(Float64Array.of(value).buffer);
  return Uint8Array.from([...key(field, FIXED64), ...bytes]);
}

/** Encodes bytes, or an encoded message. */
export function bytes(field: number, content: Uint8Array): Uint8Array {
  return concat([Uint8Array.from([...key(field, LENGTH), ...varint(content.length)]), content]);
}

/** Encodes a string as UTF-8. */
export function text(field: number, value: string): Uint8Array {
  return bytes(field, new TextEncoder().encode(value));
}

/** Encodes a packed repeated field of float64. */
export function doubles(field: number, values: ArrayLike<number>): Uint8Array {
  return bytes(field, new Uint8Array(Float64Array.from(values).buffer));
}

/** Encodes a nested message from its encoded fields. */
export function message(field: number, fields: readonly Uint8Array[]): Uint8Array {
  return bytes(field, concat(fields));
}

/** Concatenates bytes. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concatBytes(...parts) as Uint8Array<ArrayBuffer>;
}
