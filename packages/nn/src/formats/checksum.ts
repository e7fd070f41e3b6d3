// A digest within the file it is of: a flipped bit in a weight would otherwise be another weight.
import { sha256 as portableSha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { bytesLike, callable, checkArguments, listOf, optional, string } from '../core/check.ts';
import { DataError } from '../data/data-error.ts';
import type { Sha256 } from '../data/mnist.ts';
import { contentLike, readSafetensors, type Safetensors, writeSafetensors } from './safetensors.ts';

const OPEN = '0'.repeat(64);
const PLACE = (digest: string) => new TextEncoder().encode(`"sha256":"${digest}"`);

/** As `writeSafetensors`, with the SHA-256 of the file in its metadata: of the file with 64 zeros in that place. */
export function writeWithChecksum(content: Safetensors, sha256: Sha256 = portableSha256): Uint8Array<ArrayBuffer> {
  checkArguments('writeSealed', arguments, { content: contentLike, sha256: optional(callable()) });
  const { tensors, metadata } = content;
  const { sha256: _, ...rest } = metadata;
  const file = writeSafetensors({ tensors, metadata: { sha256: OPEN, ...rest } });
  const at = find(file, PLACE(OPEN));
  file.set(PLACE(bytesToHex(sha256(file))), at);
  return file;
}

/**
 * As `readSafetensors`. A file that has a digest, or says it is of a format that has one, must be as it was written.
 * @throws DataError
 */
export function readWithChecksum(
  bytes: Uint8Array,
  file: string,
  formats: readonly string[],
  sha256: Sha256 = portableSha256,
): Safetensors {
  checkArguments('readSealed', arguments, {
    bytes: bytesLike,
    file: string,
    formats: listOf('an array of names', string),
    sha256: optional(callable()),
  });
  const content = readSafetensors(bytes, file);
  const { sha256: digest, format } = content.metadata;
  if (digest === undefined && !formats.includes(format as string)) return content;
  const at = /^[0-9a-f]{64}$/.test(digest ?? '') ? find(bytes, PLACE(digest as string)) : -1;
  const opened = new Uint8Array(bytes);
  if (at >= 0) opened.set(PLACE(OPEN), at);
  if (at >= 0 && bytesToHex(sha256(opened)) === digest) return content;
  throw new DataError(file, `the bytes that were written, of sha256 ${digest ?? '(missing)'}`, 'changed ones');
}

/** Where some bytes begin in a file, or −1. */
function find(file: Uint8Array, wanted: Uint8Array): number {
  const [first = 0] = wanted;
  for (let at = file.indexOf(first); at >= 0; at = file.indexOf(first, at + 1)) {
    if (wanted.every((byte, index) => file[at + index] === byte)) return at;
  }
  return -1;
}
