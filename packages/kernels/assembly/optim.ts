// Update rules: one pass over a block of n parameters. `ruleAt` and `adamAt` update `count` parameters and return them.
// x × 0 is NaN if x is infinite or NaN. The sum of these products (`finiteMask`) is NaN if any parameter has diverged.
import { add, anyNaN, div, loadPartial, mul, mulAdd, pmax, splat, sqrt, storePartial, STRIDE, sub, W } from './lane';

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

// The rules with at most one state per parameter.
const SGD: i32 = 0;
const MOMENTUM: i32 = 1;
const NESTEROV: i32 = 2;
const ADAGRAD: i32 = 3;
const RMSPROP: i32 = 4;

/** One step of a rule. `beta` is μ of momentum or α of RMSProp. `rule` is a constant after inlining. */
@inline function ruleAt(
  rule: i32, count: i32, lr: f32, beta: f32, eps: f32, weightDecay: f32, g: usize, w: usize, state: usize,
): Lane {
  const p = loadPartial(w, count);
  const d = addWeightDecay(loadPartial(g, count), p, weightDecay);
  if (rule == SGD) return applyUpdate(w, sub(p, mul(splat(lr), d)), count);
  let s = loadPartial(state, count);
  if (rule == MOMENTUM || rule == NESTEROV) s = mulAdd(splat(beta), s, d);
  else if (rule == ADAGRAD) s = mulAdd(d, d, s);
  else s = add(mul(splat(beta), s), mul(splat(1 - beta), mul(d, d)));
  storePartial(state, s, count);
  if (rule == MOMENTUM) return applyUpdate(w, sub(p, mul(splat(lr), s)), count);
  if (rule == NESTEROV) return applyUpdate(w, sub(p, mul(splat(lr), mulAdd(splat(beta), s, d))), count);
  return applyUpdate(w, sub(p, div(mul(splat(lr), d), add(sqrt(s), splat(eps)))), count);
}

@inline function ruleLoop(
  rule: i32, n: i32, lr: f32, beta: f32, eps: f32, weightDecay: f32, g: usize, w: usize, state: usize,
): i32 {
  let finiteMask = splat(0);
  for (; n >= W; n -= W, g += STRIDE, w += STRIDE) {
    finiteMask = accumulateFinite(finiteMask, ruleAt(rule, W, lr, beta, eps, weightDecay, g, w, state));
    if (rule != SGD) state += STRIDE;
  }
  if (n > 0) ruleAt(rule, n, lr, beta, eps, weightDecay, g, w, state);
  return allFinite(finiteMask, w, n);
}

export function sgd(n: i32, lr: f32, weightDecay: f32, g: usize, w: usize): i32 {
  return ruleLoop(SGD, n, lr, 0, 0, weightDecay, g, w, 0);
}

export function momentum(n: i32, lr: f32, mu: f32, weightDecay: f32, g: usize, w: usize, v: usize): i32 {
  return ruleLoop(MOMENTUM, n, lr, mu, 0, weightDecay, g, w, v);
}

export function nesterov(n: i32, lr: f32, mu: f32, weightDecay: f32, g: usize, w: usize, v: usize): i32 {
  return ruleLoop(NESTEROV, n, lr, mu, 0, weightDecay, g, w, v);
}

export function adagrad(n: i32, lr: f32, eps: f32, weightDecay: f32, g: usize, w: usize, h: usize): i32 {
  return ruleLoop(ADAGRAD, n, lr, 0, eps, weightDecay, g, w, h);
}

export function rmsprop(n: i32, lr: f32, alpha: f32, eps: f32, weightDecay: f32, g: usize, w: usize, s: usize): i32 {
  return ruleLoop(RMSPROP, n, lr, alpha, eps, weightDecay, g, w, s);
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
