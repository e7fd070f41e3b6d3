// Elementwise ops. Ops without scalars are a class with one method, which the loops `map` (one input) and `zip` (two)
// inline. The last 1 to 3 elements use the same method on a partly filled Lane.
import * as functions from './functions';
import {
  add, load, loadTail, mul, mulAdd, pmax, selectLess, selectLessEqual, splat, store, storeTail, STRIDE, sub, W,
} from './lane';

/** Computes out[i] = op(x[i]). */
@inline function map<Op>(op: Op, n: i32, x: usize, out: usize): void {
  let i = 0;
  for (; i + W <= n; i += W, x += STRIDE, out += STRIDE) store(out, op.f(load(x)));
  if (i < n) storeTail(out, op.f(loadTail(x, n - i)), n - i);
}

/** Computes out[i] = op(a[i], b[i]). */
@inline function zip<Op>(op: Op, n: i32, a: usize, b: usize, out: usize): void {
  let i = 0;
  for (; i + W <= n; i += W, a += STRIDE, b += STRIDE, out += STRIDE) store(out, op.f(load(a), load(b)));
  if (i < n) storeTail(out, op.f(loadTail(a, n - i), loadTail(b, n - i)), n - i);
}

@unmanaged class Copy { @inline f(x: Lane): Lane { return x; } }
@unmanaged class Add { @inline f(a: Lane, b: Lane): Lane { return add(a, b); } }
@unmanaged class Sub { @inline f(a: Lane, b: Lane): Lane { return sub(a, b); } }
@unmanaged class Mul { @inline f(a: Lane, b: Lane): Lane { return mul(a, b); } }
@unmanaged class Exp { @inline f(x: Lane): Lane { return functions.exp(x); } }
@unmanaged class Log { @inline f(x: Lane): Lane { return functions.log(x); } }
@unmanaged class Tanh { @inline f(x: Lane): Lane { return functions.tanh(x); } }
@unmanaged class Sigmoid { @inline f(x: Lane): Lane { return functions.sigmoid(x); } }
@unmanaged class Relu { @inline f(x: Lane): Lane { return pmax(x, splat(0)); } }
@unmanaged class SigmoidBackward { @inline f(y: Lane, dy: Lane): Lane { return mul(mul(dy, y), sub(splat(1), y)); } }
@unmanaged class TanhBackward { @inline f(y: Lane, dy: Lane): Lane { return mul(dy, sub(splat(1), mul(y, y))); } }
@unmanaged class ReluBackward {
  @inline f(y: Lane, dy: Lane): Lane { return selectLessEqual(y, splat(0), splat(0), dy); }
}
@unmanaged class SquaredError { @inline f(a: Lane, b: Lane): Lane { return mul(sub(a, b), sub(a, b)); } }

/** Returns an instance of a class without fields. It needs no memory, so its pointer is 0. */
@inline function op<T>(): T { return changetype<T>(0); }

export function copy(n: i32, x: usize, out: usize): void { map(op<Copy>(), n, x, out); }
export function exp(n: i32, x: usize, out: usize): void { map(op<Exp>(), n, x, out); }
export function log(n: i32, x: usize, out: usize): void { map(op<Log>(), n, x, out); }
export function tanh(n: i32, x: usize, out: usize): void { map(op<Tanh>(), n, x, out); }
export function sigmoid(n: i32, x: usize, out: usize): void { map(op<Sigmoid>(), n, x, out); }
export function relu(n: i32, x: usize, out: usize): void { map(op<Relu>(), n, x, out); }

function addOp(n: i32, a: usize, b: usize, out: usize): void { zip(op<Add>(), n, a, b, out); }
function subOp(n: i32, a: usize, b: usize, out: usize): void { zip(op<Sub>(), n, a, b, out); }
function mulOp(n: i32, a: usize, b: usize, out: usize): void { zip(op<Mul>(), n, a, b, out); }
export { addOp as add, subOp as sub, mulOp as mul };
export function sigmoidBackward(n: i32, y: usize, dy: usize, dx: usize): void {
  zip(op<SigmoidBackward>(), n, y, dy, dx);
}
export function tanhBackward(n: i32, y: usize, dy: usize, dx: usize): void { zip(op<TanhBackward>(), n, y, dy, dx); }
export function reluBackward(n: i32, y: usize, dy: usize, dx: usize): void { zip(op<ReluBackward>(), n, y, dy, dx); }
export function squaredError(n: i32, a: usize, b: usize, out: usize): void { zip(op<SquaredError>(), n, a, b, out); }

export function fill(n: i32, value: f32, out: usize): void {
  if (reinterpret<i32>(value) == 0) {
    memory.fill(out, 0, (<usize>n) << 2);
    return;
  }
  const v = splat(value);
  let i = 0;
  for (; i + W <= n; i += W, out += STRIDE) store(out, v);
  if (i < n) storeTail(out, v, n - i);
}

export function scale(n: i32, alpha: f32, x: usize, out: usize): void {
  const v = splat(alpha);
  let i = 0;
  for (; i + W <= n; i += W, x += STRIDE, out += STRIDE) store(out, mul(v, load(x)));
  if (i < n) storeTail(out, mul(v, loadTail(x, n - i)), n - i);
}

@inline function clampLane(low: Lane, high: Lane, x: Lane): Lane {
  return selectLess(x, low, low, selectLess(high, x, high, x));
}

export function clamp(n: i32, low: f32, high: f32, x: usize, out: usize): void {
  const l = splat(low), h = splat(high);
  let i = 0;
  for (; i + W <= n; i += W, x += STRIDE, out += STRIDE) store(out, clampLane(l, h, load(x)));
  if (i < n) storeTail(out, clampLane(l, h, loadTail(x, n - i)), n - i);
}

export function axpy(n: i32, alpha: f32, x: usize, y: usize, out: usize): void {
  const v = splat(alpha);
  let i = 0;
  for (; i + W <= n; i += W, x += STRIDE, y += STRIDE, out += STRIDE) store(out, mulAdd(v, load(x), load(y)));
  if (i < n) storeTail(out, mulAdd(v, loadTail(x, n - i), loadTail(y, n - i)), n - i);
}

export function squaredErrorBackward(n: i32, alpha: f32, a: usize, b: usize, dx: usize): void {
  const v = splat(alpha);
  let i = 0;
  for (; i + W <= n; i += W, a += STRIDE, b += STRIDE, dx += STRIDE) store(dx, mul(sub(load(a), load(b)), v));
  if (i < n) storeTail(dx, mul(sub(loadTail(a, n - i), loadTail(b, n - i)), v), n - i);
}
