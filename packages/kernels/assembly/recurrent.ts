// What sequences need: steps before examples or examples before steps.
import { F32, load, put, STRIDE, store, take, W } from './lane';
import { transpose } from './matmul';

// @ts-ignore: decorator
@inline function copyRun(n: i32, from: usize, to: usize): void {
  for (; n >= W; n -= W, from += STRIDE, to += STRIDE) store(to, load(from));
  if (n > 0) put(to, take(from, n), n);
}

export function swapAxes(m: i32, n: i32, k: i32, x: usize, out: usize): void {
  if (k == 1) {
    transpose(m, n, x, out);
    return;
  }
  const run = (<usize>k) << F32;
  const next = (<usize>m) * run;
  for (let i = 0; i < m; i++, out += run) {
    for (let j = 0, to = out; j < n; j++, x += run, to += next) copyRun(k, x, to);
  }
}
