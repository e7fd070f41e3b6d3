// Update rules: one pass over a block of parameters. `…At` updates `count` of them and returns them; a constant count of W leaves no branch.
// x × 0 is NaN exactly where x is not finite, and a sum that was NaN once stays so: `seen` collects that for the whole block.
import { add, anyNaN, div, mul, mulAdd, pmax, put, STRIDE, splat, sqrt, sub, take, W } from './lane';

// @ts-ignore: decorator
@inline function updated(w: usize, x: Lane, count: i32): Lane {
  put(w, x, count);
  return x;
}

/** seen + x × 0. */
// @ts-ignore: decorator
@inline function see(seen: Lane, x: Lane): Lane {
  return add(seen, mul(x, splat(0)));
}

/** 1 if every parameter seen, and the `count` at w, are finite; else 0. */
// @ts-ignore: decorator
@inline function allFinite(seen: Lane, w: usize, count: i32): i32 {
  let last: f32 = 0;
  for (let i = 0; i < count; i++, w += 4) last += f32.load(w) * 0;
  return i32(!anyNaN(seen) && last == last);
}

/** g′ = g + weightDecay × w; without decay g itself, so that an infinite w does not make it NaN. */
// @ts-ignore: decorator
@inline function decayed(g: Lane, w: Lane, weightDecay: f32): Lane {
  return weightDecay == 0 ? g : mulAdd(splat(weightDecay), w, g);
}

// @ts-ignore: decorator
@inline function sgdAt(count: i32, lr: f32, weightDecay: f32, g: usize, w: usize): Lane {
  const p = take(w, count);
  return updated(w, sub(p, mul(splat(lr), decayed(take(g, count), p, weightDecay))), count);
}

export function sgd(n: i32, lr: f32, weightDecay: f32, g: usize, w: usize): i32 {
  let seen = splat(0);
  let i = 0;
  for (; i + W <= n; i += W, g += STRIDE, w += STRIDE) seen = see(seen, sgdAt(W, lr, weightDecay, g, w));
  if (i < n) sgdAt(n - i, lr, weightDecay, g, w);
  return allFinite(seen, w, n - i);
}

// @ts-ignore: decorator
@inline function momentumAt(count: i32, lr: f32, mu: f32, weightDecay: f32, g: usize, w: usize, v: usize, nesterov: bool): Lane {
  const p = take(w, count);
  const d = decayed(take(g, count), p, weightDecay);
  const velocity = mulAdd(splat(mu), take(v, count), d);
  put(v, velocity, count);
  return updated(w, sub(p, mul(splat(lr), nesterov ? mulAdd(splat(mu), velocity, d) : velocity)), count);
}

export function momentum(n: i32, lr: f32, mu: f32, weightDecay: f32, g: usize, w: usize, v: usize): i32 {
  let seen = splat(0);
  let i = 0;
  for (; i + W <= n; i += W, g += STRIDE, w += STRIDE, v += STRIDE) seen = see(seen, momentumAt(W, lr, mu, weightDecay, g, w, v, false));
  if (i < n) momentumAt(n - i, lr, mu, weightDecay, g, w, v, false);
  return allFinite(seen, w, n - i);
}

export function nesterov(n: i32, lr: f32, mu: f32, weightDecay: f32, g: usize, w: usize, v: usize): i32 {
  let seen = splat(0);
  let i = 0;
  for (; i + W <= n; i += W, g += STRIDE, w += STRIDE, v += STRIDE) seen = see(seen, momentumAt(W, lr, mu, weightDecay, g, w, v, true));
  if (i < n) momentumAt(n - i, lr, mu, weightDecay, g, w, v, true);
  return allFinite(seen, w, n - i);
}

// @ts-ignore: decorator
@inline function adagradAt(count: i32, lr: f32, eps: f32, weightDecay: f32, g: usize, w: usize, h: usize): Lane {
  const p = take(w, count);
  const d = decayed(take(g, count), p, weightDecay);
  const squares = mulAdd(d, d, take(h, count));
  put(h, squares, count);
  return updated(w, sub(p, div(mul(splat(lr), d), add(sqrt(squares), splat(eps)))), count);
}

export function adagrad(n: i32, lr: f32, eps: f32, weightDecay: f32, g: usize, w: usize, h: usize): i32 {
  let seen = splat(0);
  let i = 0;
  for (; i + W <= n; i += W, g += STRIDE, w += STRIDE, h += STRIDE) seen = see(seen, adagradAt(W, lr, eps, weightDecay, g, w, h));
  if (i < n) adagradAt(n - i, lr, eps, weightDecay, g, w, h);
  return allFinite(seen, w, n - i);
}

// @ts-ignore: decorator
@inline function rmspropAt(count: i32, lr: f32, alpha: f32, eps: f32, weightDecay: f32, g: usize, w: usize, s: usize): Lane {
  const p = take(w, count);
  const d = decayed(take(g, count), p, weightDecay);
  const average = add(mul(splat(alpha), take(s, count)), mul(splat(1 - alpha), mul(d, d)));
  put(s, average, count);
  return updated(w, sub(p, div(mul(splat(lr), d), add(sqrt(average), splat(eps)))), count);
}

export function rmsprop(n: i32, lr: f32, alpha: f32, eps: f32, weightDecay: f32, g: usize, w: usize, s: usize): i32 {
  let seen = splat(0);
  let i = 0;
  for (; i + W <= n; i += W, g += STRIDE, w += STRIDE, s += STRIDE) seen = see(seen, rmspropAt(W, lr, alpha, eps, weightDecay, g, w, s));
  if (i < n) rmspropAt(n - i, lr, alpha, eps, weightDecay, g, w, s);
  return allFinite(seen, w, n - i);
}

/** The moments of d into m and v; what to take from w is returned. With `isMax` the maxInWindow v so far, in vMax, takes the place of v. */
// @ts-ignore: decorator
@inline function adamStep(
  count: i32, stepSize: f32, beta1: f32, beta2: f32, vHatScale: f32, eps: f32, d: Lane, m: usize, v: usize, isMax: bool, vMax: usize,
): Lane {
  const first = add(mul(splat(beta1), take(m, count)), mul(splat(1 - beta1), d));
  let second = add(mul(splat(beta2), take(v, count)), mul(splat(1 - beta2), mul(d, d)));
  put(m, first, count);
  put(v, second, count);
  if (isMax) {
    second = pmax(take(vMax, count), second);
    put(vMax, second, count);
  }
  return div(mul(splat(stepSize), first), add(mul(sqrt(second), splat(vHatScale)), splat(eps)));
}

// @ts-ignore: decorator
@inline function adamAt(
  count: i32, stepSize: f32, beta1: f32, beta2: f32, vHatScale: f32, eps: f32, weightDecay: f32, g: usize, w: usize, m: usize, v: usize,
): Lane {
  const p = take(w, count);
  const d = decayed(take(g, count), p, weightDecay);
  return updated(w, sub(p, adamStep(count, stepSize, beta1, beta2, vHatScale, eps, d, m, v, false, 0)), count);
}

export function adam(
  n: i32, stepSize: f32, beta1: f32, beta2: f32, vHatScale: f32, eps: f32, weightDecay: f32, g: usize, w: usize, m: usize, v: usize,
): i32 {
  let seen = splat(0);
  let i = 0;
  for (; i + W <= n; i += W, g += STRIDE, w += STRIDE, m += STRIDE, v += STRIDE) {
    seen = see(seen, adamAt(W, stepSize, beta1, beta2, vHatScale, eps, weightDecay, g, w, m, v));
  }
  if (i < n) adamAt(n - i, stepSize, beta1, beta2, vHatScale, eps, weightDecay, g, w, m, v);
  return allFinite(seen, w, n - i);
}

// @ts-ignore: decorator
@inline function adamwAt(
  count: i32, stepSize: f32, beta1: f32, beta2: f32, vHatScale: f32, eps: f32, decayFactor: f32, g: usize, w: usize, m: usize, v: usize,
): Lane {
  const p = mul(take(w, count), splat(decayFactor));
  return updated(w, sub(p, adamStep(count, stepSize, beta1, beta2, vHatScale, eps, take(g, count), m, v, false, 0)), count);
}

export function adamw(
  n: i32, stepSize: f32, beta1: f32, beta2: f32, vHatScale: f32, eps: f32, decayFactor: f32, g: usize, w: usize, m: usize, v: usize,
): i32 {
  let seen = splat(0);
  let i = 0;
  for (; i + W <= n; i += W, g += STRIDE, w += STRIDE, m += STRIDE, v += STRIDE) {
    seen = see(seen, adamwAt(W, stepSize, beta1, beta2, vHatScale, eps, decayFactor, g, w, m, v));
  }
  if (i < n) adamwAt(n - i, stepSize, beta1, beta2, vHatScale, eps, decayFactor, g, w, m, v);
  return allFinite(seen, w, n - i);
}

// @ts-ignore: decorator
@inline function amsgradAt(
  count: i32, stepSize: f32, beta1: f32, beta2: f32, vHatScale: f32, eps: f32, weightDecay: f32, decayFactor: f32, g: usize, w: usize, m: usize,
  v: usize, vMax: usize,
): Lane {
  const p = take(w, count);
  const d = decayed(take(g, count), p, weightDecay);
  return updated(w, sub(mul(p, splat(decayFactor)), adamStep(count, stepSize, beta1, beta2, vHatScale, eps, d, m, v, true, vMax)), count);
}

export function amsgrad(
  n: i32, stepSize: f32, beta1: f32, beta2: f32, vHatScale: f32, eps: f32, weightDecay: f32, decayFactor: f32, g: usize, w: usize, m: usize,
  v: usize, vMax: usize,
): i32 {
  let seen = splat(0);
  let i = 0;
  for (; i + W <= n; i += W, g += STRIDE, w += STRIDE, m += STRIDE, v += STRIDE, vMax += STRIDE) {
    seen = see(seen, amsgradAt(W, stepSize, beta1, beta2, vHatScale, eps, weightDecay, decayFactor, g, w, m, v, vMax));
  }
  if (i < n) amsgradAt(n - i, stepSize, beta1, beta2, vHatScale, eps, weightDecay, decayFactor, g, w, m, v, vMax);
  return allFinite(seen, w, n - i);
}
