// Makes bad inputs of good ones: a few changes each, of bytes, of characters or, where the text is JSON, of its tree.
import { mutateJson } from './mutate-json.ts';
import { nastyWords } from './nasty-words.ts';
import type { Random } from './random.ts';
import type { Input } from './target.ts';

/** Characters or bytes; repetitions of repetitions would come to gigabytes. */
const LONGEST = 1_000_000;

/** One to eight changes of a seed. */
export function mutate(seeds: readonly Input[], random: Random, words: readonly string[] = []): Input {
  let mutant = random.pick(seeds);
  for (let changes = random.oneIn(2) ? 1 : 1 + random.below(8); changes > 0; changes--) {
    mutant =
      typeof mutant === 'string'
        ? mutateText(mutant, seeds, random, words)
        : mutateBytes(mutant, random.pick(seeds) as Uint8Array, random);
    mutant = mutant.slice(0, LONGEST);
  }
  return mutant;
}

function mutateText(text: string, seeds: readonly Input[], random: Random, words: readonly string[]): string {
  const changed = random.oneIn(2) ? undefined : mutateJson(text, random, words);
  if (changed !== undefined) return changed;
  const start = random.below(text.length + 1);
  const end = Math.min(text.length, start + lengthOf(random));
  const [before, chosen, after] = [text.slice(0, start), text.slice(start, end), text.slice(end)];
  switch (random.below(8)) {
    case 0:
      return before + after;
    case 1:
      return before + chosen.repeat(random.oneIn(20) ? 1_000 : 3) + after;
    case 2:
      return before;
    case 3:
      return before + random.pick(seeds as readonly string[]).slice(random.below(text.length));
    case 4:
      return before + String.fromCharCode(random.below(random.oneIn(4) ? 0x10000 : 0x80)) + after;
    case 5:
      return wordReplaced(text, random, words);
    default:
      return before + random.pick(words.length > 0 && random.oneIn(2) ? words : nastyWords) + after;
  }
}

/** A word or a number of the text gives way to another. */
function wordReplaced(text: string, random: Random, words: readonly string[]): string {
  const found = [...text.matchAll(/[\w.+-]+/g)];
  if (found.length === 0) return random.pick(nastyWords);
  const { index, 0: word } = random.pick(found);
  const other = random.pick([...nastyWords, ...words, ...found.slice(0, 20).map(([each]) => each)]);
  return text.slice(0, index) + other + text.slice(index + word.length);
}

function mutateBytes(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  // Headers are where it hurts.
  const near = random.oneIn(2) ? Math.min(bytes.length, 64) : bytes.length;
  const start = random.below(near + 1);
  const end = Math.min(bytes.length, start + lengthOf(random));
  const copy = bytes.slice();
  switch (random.below(7)) {
    case 0:
      if (bytes.length > 0)
        copy[start % bytes.length] = (copy[start % bytes.length] as number) ^ (1 << random.below(8));
      return copy;
    case 1:
      if (bytes.length > 0) copy[start % bytes.length] = random.pick([0, 1, 0x7f, 0x80, 0xff, random.below(256)]);
      return copy;
    case 2:
      return joined(bytes.subarray(0, start), bytes.subarray(end));
    case 3:
      return joined(bytes.subarray(0, end), bytes.subarray(start));
    case 4:
      return bytes.slice(0, start);
    case 5:
      return joined(bytes.subarray(0, start), other.subarray(random.below(other.length)));
    default:
      return withNumber(copy, start, random);
  }
}

/** A number at its limits, in either order of bytes, at some place. */
function withNumber(bytes: Uint8Array, start: number, random: Random): Uint8Array {
  const value = random.pick([0n, 1n, 0x7fffffffn, 0x80000000n, 0xffffffffn, 0x7fffffffffffffffn, 0xffffffffffffffffn]);
  const size = random.pick([1, 2, 4, 8]);
  const isLittle = random.oneIn(2);
  for (let at = 0; at < size && start + at < bytes.length; at++) {
    bytes[start + at] = Number((value >> BigInt(8 * (isLittle ? at : size - 1 - at))) & 0xffn);
  }
  return bytes;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((bytes, part) => bytes + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Mostly a few characters, now and then many. */
function lengthOf(random: Random): number {
  return 1 + random.below(random.oneIn(8) ? 5_000 : 8);
}
