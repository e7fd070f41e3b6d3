// Digests of results: SHA-256 of float32 in little-endian bytes, with one bit pattern for NaN.
import type { Sha256 } from '@descent/nn/data';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

const CANONICAL_NAN = 0x7fc00000;

/** Computes the SHA-256 of bytes in hexadecimal. */
export function digestBytes(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

/**
 * Computes the SHA-256 of concatenated float32 arrays. Values of plain arrays are rounded to float32 first.
 * @param hash SHA-256; that of `node:crypto` is faster than the portable default
 */
export function digestFloats(parts: readonly ArrayLike<number>[], hash: Sha256 = sha256): string {
  return bytesToHex(hash(canonicalBytes(parts)));
}

/** Computes the SHA-256 of the digests of arms as text, each followed by a newline. */
export function digestRun(armDigests: readonly string[]): string {
  return digestBytes(utf8ToBytes(armDigests.map((digest) => `${digest}\n`).join('')));
}

/** Copies the values, with 0x7fc00000 for each NaN: engines may choose its payload, and variants differ in its sign. */
function canonicalBytes(parts: readonly ArrayLike<number>[]): Uint8Array {
  const floats = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    floats.set(part, offset);
    offset += part.length;
  }
  const words = new Uint32Array(floats.buffer);
  for (let i = 0; i < floats.length; i++) {
    if (Number.isNaN(floats[i])) words[i] = CANONICAL_NAN;
  }
  return new Uint8Array(floats.buffer);
}
