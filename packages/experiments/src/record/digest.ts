// Digests of results: SHA-256 over float32 little-endian bytes, with every NaN made the same NaN.
import type { Sha256 } from '@descent/nn/data';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

const CANONICAL_NAN = 0x7fc00000;

/** SHA-256 of some bytes, in hexadecimal. */
export function digestBytes(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

/**
 * SHA-256 of arrays of float32 one after the other; a plain array is rounded to float32 first.
 * @param hash a faster SHA-256 than the portable one, such as node:crypto's
 */
export function digestFloats(parts: readonly ArrayLike<number>[], hash: Sha256 = sha256): string {
  return bytesToHex(hash(canonicalBytes(parts)));
}

/** SHA-256 of the arms' digests as text, one after the other, each ended by a newline. */
export function digestRun(armDigests: readonly string[]): string {
  return digestBytes(utf8ToBytes(armDigests.map((digest) => `${digest}\n`).join('')));
}

/** A copy, whose NaNs are all 0x7fc00000: engines are free in the payload of a NaN, and variants differ in its sign. */
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
