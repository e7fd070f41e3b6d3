// Suggestions for a mistyped name.
import { distance } from 'fastest-levenshtein';

/** Limit of the compared letters, which limits the time. */
const MAX_LETTERS = 100;

/**
 * Returns the name that a mistyped word most likely means.
 * @returns undefined if every name differs from the word in more than a third of the word's letters
 */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const typed = word.slice(0, MAX_LETTERS).toLowerCase();
  const edits = names.map((name) => editsBetween(typed, name.toLowerCase()));
  const least = Math.min(...edits);
  return least <= typed.length / 3 ? names[edits.indexOf(least)] : undefined;
}

/** Levenshtein's distance, but a swap of two neighboring letters counts as one edit. */
function editsBetween(word: string, name: string): number {
  const swapped = Array.from(word, (letter, i) => word.slice(0, i) + (word[i + 1] ?? '') + letter + word.slice(i + 2));
  return Math.min(distance(word, name), ...swapped.map((other) => 1 + distance(other, name)));
}

/** Returns `; did you mean name?`, or nothing without a name. */
export const didYouMean = (name: string | undefined) => (name === undefined ? '' : `; did you mean ${name}?`);
