// Masks of dropout: a threshold on the upper 24 bits of the generator's words.
import { bits, convert, load, loadTail, STRIDE, shiftRightZero, splat, store, storeTail, W, selectLess } from './lane';
import { randomBits } from './random';

// @ts-ignore: decorator
@inline function kept(word: Lane, threshold: Lane, value: Lane): Lane {
  return selectLess(convert(shiftRightZero(bits(word), 8)), threshold, splat(0), value);
}

export function dropoutMask(n: i32, seed: i32, stream: i32, step: i32, p: f32, value: f32, out: usize): void {
  randomBits(n, seed, stream, step, out);
  const threshold = splat(p * 16777216);
  const v = splat(value);
  let i = 0;
  for (; i + W <= n; i += W, out += STRIDE) store(out, kept(load(out), threshold, v));
  if (i < n) storeTail(out, kept(loadTail(out, n - i), threshold, v), n - i);
}
