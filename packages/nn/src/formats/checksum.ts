// Safetensors with a checksum: the SHA-256 of a file in its own metadata, which finds damaged weights.
import { sha256 as portableSha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { bytesLike, callable, checkArguments, listOf, optional, string } from '../core/check.ts';
import { DataError } from '../data/data-error.ts';
import type { Sha256 } from '../data/mnist.ts';
import { contentLike, readSafetensors, type Safetensors, writeSafetensors } from './safetensors.ts';

/** Stands in place of the checksum while the checksum is computed. */
const ZEROS = '0'.repeat(64);
const toField = (digest: string) => new TextEncoder().encode(`"sha256":"${digest}"`);

/** Writes safetensors with `sha256` in the metadata: the checksum of the file with 64 zeros in place of the checksum. */
export function writeWithChecksum(content: Safetensors, sha256: Sha256 = portableSha256): Uint8Array<ArrayBuffer> {
  checkArguments('writeWithChecksum', arguments, { content: contentLike, sha256: optional(callable()) });
  const { tensors, metadata } = content;
  const { sha256: _, ...rest } = metadata;
  const file = writeSafetensors({ tensors, metadata: { sha256: ZEROS, ...rest } });
  const at = indexOfBytes(file, toField(ZEROS));
  file.set(toField(bytesToHex(sha256(file))), at);
  return file;
}

/**
 * Reads safetensors and verifies the checksum, if the file has one.
 * @param formats values of the metadata field `format` that require a checksum
 * @throws DataError if the file is damaged, or lacks a checksum that its format requires
 */
export function readWithChecksum(
  bytes: Uint8Array,
  file: string,
  formats: readonly string[],
  sha256: Sha256 = portableSha256,
): Safetensors {
  const formatsLike = listOf('an array of names', string);
  const rules = { bytes: bytesLike, file: string, formats: formatsLike, sha256: optional(callable()) };
  checkArguments('readWithChecksum', arguments, rules);
  const content = readSafetensors(bytes, file);
  const { sha256: digest, format } = content.metadata;
  if (digest === undefined && !formats.includes(format as string)) return content;
  const at = /^[0-9a-f]{64}$/.test(digest ?? '') ? indexOfBytes(bytes, toField(digest as string)) : -1;
  if (at >= 0) {
    const copy = new Uint8Array(bytes);
    copy.set(toField(ZEROS), at);
    if (bytesToHex(sha256(copy)) === digest) return content;
  }
  throw new DataError(file, `bytes with the sha256 ${digest ?? '(missing)'}`, 'other bytes');
}

/** Returns the index of a sequence of bytes in a file, or −1. */
function indexOfBytes(file: Uint8Array, sequence: Uint8Array): number {
  const [first = 0] = sequence;
  for (let at = file.indexOf(first); at >= 0; at = file.indexOf(first, at + 1)) {
    if (sequence.every((byte, index) => file[at + index] === byte)) return at;
  }
  return -1;
}
