// Repeatable random numbers for inputs and measurement order. No result of a training depends on them.

/** Returns the i-th 32-bit word of a seed. */
export function hash32(seed: number, i: number): number {
  let t = (Math.imul(i + 1, 0x9e3779b9) ^ Math.imul(seed + 1, 0x85ebca6b)) | 0;
  t = Math.imul(t ^ (t >>> 16), 0x21f0aaad);
  t = Math.imul(t ^ (t >>> 15), 0x735a2d97);
  return (t ^ (t >>> 15)) >>> 0;
}

/** Returns the i-th number of a seed, uniform in [0, 1). */
export const uniform01 = (seed: number, i: number): number => hash32(seed, i) / 2 ** 32;

/** Shuffles `items` in place (Fisher–Yates). */
export function shuffle(items: unknown[], seed: number): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(uniform01(seed, i) * (i + 1));
    [items[i], items[j]] = [items[j], items[i]];
  }
}
