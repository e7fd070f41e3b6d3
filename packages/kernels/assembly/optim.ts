// Update rules: one pass over a block of n parameters. A function such as `sgdAt` updates `count` parameters and
// returns them. x × 0 is NaN if x is infinite or NaN, so the sum of these products (`finiteMask`) is NaN if any
// parameter of the block has diverged.
import {
  add, anyNaN, div, loadPartial, mul, mulAdd, pmax, splat, sqrt, storePartial, STRIDE, sub, W,
} from './lane';

/** Stores new parameters and returns them. */
@inline function applyUpdate(w: usize, x: Lane, count: i32): Lane {
  storePartial(w, x, count);
  return x;
}

@inline function accumulateFinite(finiteMask: Lane, x: Lane): Lane {
  return add(finiteMask, mul(x, splat(0)));
}

/** Returns 1 if all parameters of the mask and the `count` parameters at w are finite, else 0. */
@inline function allFinite(finiteMask: Lane, w: usize, count: i32): i32 {
  let last: f32 = 0;
  for (let i = 0; i < count; i++, w += 4) last += f32.load(w) * 0;
  return i32(!anyNaN(finiteMask) && last == last);
}

/** Returns g′ = g + weightDecay × w. Without decay it is g itself: 0 × w would be NaN for an infinite w. */
@inline function addWeightDecay(g: Lane, w: Lane, weightDecay: f32): Lane {
  return weightDecay == 0 ? g : mulAdd(splat(weightDecay), w, g);
}

@inline function sgdAt(count: i32, lr: f32, weightDecay: f32, g: usize, w: usize): Lane {
  const p = loadPartial(w, count);
  const step = mul(splat(lr), addWeightDecay(loadPartial(g, count), p, weightDecay));
  return applyUpdate(w, sub(p, step), count);
}

export function sgd(n: i32, lr: f32, weightDecay: f32, g: usize, w: usize): i32 {
  let finiteMask = splat(0);
  for (; n >= W; n -= W, g += STRIDE, w += STRIDE) {
    finiteMask = accumulateFinite(finiteMask, sgdAt(W, lr, weightDecay, g, w));
  }
  if (n > 0) sgdAt(n, lr, weightDecay, g, w);
  return allFinite(finiteMask, w, n);
}

@inline function momentumAt(
  count: i32, lr: f32, mu: f32, weightDecay: f32, g: usize, w: usize, v: usize, isNesterov: bool,
): Lane {
  const p = loadPartial(w, count);
  const d = addWeightDecay(loadPartial(g, count), p, weightDecay);
  const velocity = mulAdd(splat(mu), loadPartial(v, count), d);
  storePartial(v, velocity, count);
  return applyUpdate(w, sub(p, mul(splat(lr), isNesterov ? mulAdd(splat(mu), velocity, d) : velocity)), count);
}

@inline function momentumLoop(
  n: i32, lr: f32, mu: f32, weightDecay: f32, g: usize, w: usize, v: usize, isNesterov: bool,
): i32 {
  let finiteMask = splat(0);
  for (; n >= W; n -= W, g += STRIDE, w += STRIDE, v += STRIDE) {
    finiteMask = accumulateFinite(finiteMask, momentumAt(W, lr, mu, weightDecay, g, w, v, isNesterov));
  }
  if (n > 0) momentumAt(n, lr, mu, weightDecay, g, w, v, isNesterov);
  return allFinite(finiteMask, w, n);
}

export function momentum(n: i32, lr: f32, mu: f32, weightDecay: f32, g: usize, w: usize, v: usize): i32 {
  return momentumLoop(n, lr, mu, weightDecay, g, w, v, false);
}

export function nesterov(n: i32, lr: f32, mu: f32, weightDecay: f32, g: usize, w: usize, v: usize): i32 {
  return momentumLoop(n, lr, mu, weightDecay, g, w, v, true);
}

@inline function adagradAt(count: i32, lr: f32, eps: f32, weightDecay: f32, g: usize, w: usize, h: usize): Lane {
  const p = loadPartial(w, count);
  const d = addWeightDecay(loadPartial(g, count), p, weightDecay);
  const squares = mulAdd(d, d, loadPartial(h, count));
  storePartial(h, squares, count);
  return applyUpdate(w, sub(p, div(mul(splat(lr), d), add(sqrt(squares), splat(eps)))), count);
}

export function adagrad(n: i32, lr: f32, eps: f32, weightDecay: f32, g: usize, w: usize, h: usize): i32 {
  let finiteMask = splat(0);
  for (; n >= W; n -= W, g += STRIDE, w += STRIDE, h += STRIDE) {
    finiteMask = accumulateFinite(finiteMask, adagradAt(W, lr, eps, weightDecay, g, w, h));
  }
  if (n > 0) adagradAt(n, lr, eps, weightDecay, g, w, h);
  return allFinite(finiteMask, w, n);
}

@inline function rmspropAt(
  count: i32, lr: f32, alpha: f32, eps: f32, weightDecay: f32, g: usize, w: usize, s: usize,
): Lane {
  const p = loadPartial(w, count);
  const d = addWeightDecay(loadPartial(g, count), p, weightDecay);
  const average = add(mul(splat(alpha), loadPartial(s, count)), mul(splat(1 - alpha), mul(d, d)));
  storePartial(s, average, count);
  return applyUpdate(w, sub(p, div(mul(splat(lr), d), add(sqrt(average), splat(eps)))), count);
}

export function rmsprop(n: i32, lr: f32, alpha: f32, eps: f32, weightDecay: f32, g: usize, w: usize, s: usize): i32 {
  let finiteMask = splat(0);
  for (; n >= W; n -= W, g += STRIDE, w += STRIDE, s += STRIDE) {
    finiteMask = accumulateFinite(finiteMask, rmspropAt(W, lr, alpha, eps, weightDecay, g, w, s));
  }
  if (n > 0) rmspropAt(n, lr, alpha, eps, weightDecay, g, w, s);
  return allFinite(finiteMask, w, n);
}

/** One step of Adam. With `isMax` (AMSGrad), √v becomes √vMax; with `isDecoupled` (AdamW), w shrinks first. */
@inline function adamAt(
  count: i32, stepSize: f32, beta1: f32, beta2: f32, vHatScale: f32, eps: f32, weightDecay: f32, decayFactor: f32,
  g: usize, w: usize, m: usize, v: usize, vMax: usize, isDecoupled: bool, isMax: bool,
): Lane {
  const p = loadPartial(w, count);
  const d = addWeightDecay(loadPartial(g, count), p, weightDecay);
  const first = add(mul(splat(beta1), loadPartial(m, count)), mul(splat(1 - beta1), d));
  let second = add(mul(splat(beta2), loadPartial(v, count)), mul(splat(1 - beta2), mul(d, d)));
  storePartial(m, first, count);
  storePartial(v, second, count);
  if (isMax) {
    second = pmax(loadPartial(vMax, count), second);
    storePartial(vMax, second, count);
  }
  const step = div(mul(splat(stepSize), first), add(mul(sqrt(second), splat(vHatScale)), splat(eps)));
  return applyUpdate(w, sub(isDecoupled ? mul(p, splat(decayFactor)) : p, step), count);
}

@inline function adamLoop(
  n: i32, stepSize: f32, beta1: f32, beta2: f32, vHatScale: f32, eps: f32, weightDecay: f32, decayFactor: f32,
  g: usize, w: usize, m: usize, v: usize, vMax: usize, isDecoupled: bool, isMax: bool,
): i32 {
  let finiteMask = splat(0);
  for (; n >= W; n -= W, g += STRIDE, w += STRIDE, m += STRIDE, v += STRIDE) {
    finiteMask = accumulateFinite(finiteMask, adamAt(
      W, stepSize, beta1, beta2, vHatScale, eps, weightDecay, decayFactor, g, w, m, v, vMax, isDecoupled, isMax,
    ));
    if (isMax) vMax += STRIDE;
  }
  if (n > 0) {
    adamAt(n, stepSize, beta1, beta2, vHatScale, eps, weightDecay, decayFactor, g, w, m, v, vMax, isDecoupled, isMax);
  }
  return allFinite(finiteMask, w, n);
}

export function adam(
  n: i32, stepSize: f32, beta1: f32, beta2: f32, vHatScale: f32, eps: f32, weightDecay: f32,
  g: usize, w: usize, m: usize, v: usize,
): i32 {
  return adamLoop(n, stepSize, beta1, beta2, vHatScale, eps, weightDecay, 1, g, w, m, v, 0, false, false);
}

export function adamw(
  n: i32, stepSize: f32, beta1: f32, beta2: f32, vHatScale: f32, eps: f32, decayFactor: f32,
  g: usize, w: usize, m: usize, v: usize,
): i32 {
  return adamLoop(n, stepSize, beta1, beta2, vHatScale, eps, 0, decayFactor, g, w, m, v, 0, true, false);
}

export function amsgrad(
  n: i32, stepSize: f32, beta1: f32, beta2: f32, vHatScale: f32, eps: f32, weightDecay: f32, decayFactor: f32,
  g: usize, w: usize, m: usize, v: usize, vMax: usize,
): i32 {
  return adamLoop(n, stepSize, beta1, beta2, vHatScale, eps, weightDecay, decayFactor, g, w, m, v, vMax, true, true);
}
