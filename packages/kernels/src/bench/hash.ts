// Random words for contents and turns of the benchmark: repeatable, and no business of any result.

import { checkArguments, kind, uint32 } from '../check.ts';

/** The i-th word of a seed, uniform in [0, 2³²). */
export function hash32(seed: number, i: number): number {
  let t = (Math.imul(i + 1, 0x9e3779b9) ^ Math.imul(seed + 1, 0x85ebca6b)) | 0;
  t = Math.imul(t ^ (t >>> 16), 0x21f0aaad);
  t = Math.imul(t ^ (t >>> 15), 0x735a2d97);
  return (t ^ (t >>> 15)) >>> 0;
}

/** The same in [0, 1). */
export const uniform01 = (seed: number, i: number): number => hash32(seed, i) / 2 ** 32;

/** Puts `items` in an order that the seed decides (Fisher and Yates). */
export function shuffle(items: unknown[], seed: number): void {
  checkArguments('shuffle', arguments, { items: kind('an array', Array.isArray), seed: uint32 });
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(uniform01(seed, i) * (i + 1));
    [items[i], items[j]] = [items[j], items[i]];
  }
}
