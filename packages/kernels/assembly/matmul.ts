// Matrix products: one tile of 4 rows × 2 Lanes whose sums stay in registers, over any strides of a.
import { add, F32, loadSplat, mulAdd, put, STRIDE, splat, take, W } from './lane';

/**
 * A tile of 4 × 1 or 4 × 2 Lanes of out (rows `row` bytes apart) = a (rows ai, terms ak bytes apart) · b (terms `row` bytes apart).
 * `lanes` and `count` (floats in the last Lane) are constant where this is inlined.
 */
// @ts-ignore: decorator
@inline function tile4(k: i32, a: usize, ai: usize, ak: usize, b: usize, row: usize, out: usize, lanes: i32, count: i32): void {
  let c00 = splat(0), c10 = splat(0), c20 = splat(0), c30 = splat(0);
  let c01 = splat(0), c11 = splat(0), c21 = splat(0), c31 = splat(0);
  const ai2 = ai + ai;
  const ai3 = ai2 + ai;
  for (; k > 0; k--, a += ak, b += row) {
    const b0 = take(b, lanes == 1 ? count : W);
    const b1 = lanes == 1 ? b0 : take(b + STRIDE, count);
    const a0 = loadSplat(a);
    c00 = mulAdd(a0, b0, c00);
    if (lanes == 2) c01 = mulAdd(a0, b1, c01);
    const a1 = loadSplat(a + ai);
    c10 = mulAdd(a1, b0, c10);
    if (lanes == 2) c11 = mulAdd(a1, b1, c11);
    const a2 = loadSplat(a + ai2);
    c20 = mulAdd(a2, b0, c20);
    if (lanes == 2) c21 = mulAdd(a2, b1, c21);
    const a3 = loadSplat(a + ai3);
    c30 = mulAdd(a3, b0, c30);
    if (lanes == 2) c31 = mulAdd(a3, b1, c31);
  }
  putRow(out, c00, c01, lanes, count);
  putRow(out + row, c10, c11, lanes, count);
  putRow(out + 2 * row, c20, c21, lanes, count);
  putRow(out + 3 * row, c30, c31, lanes, count);
}

// @ts-ignore: decorator
@inline function putRow(out: usize, c0: Lane, c1: Lane, lanes: i32, count: i32): void {
  put(out, c0, lanes == 1 ? count : W);
  if (lanes == 2) put(out + STRIDE, c1, count);
}

/** One row of the same. */
// @ts-ignore: decorator
@inline function tile1(k: i32, a: usize, ak: usize, b: usize, row: usize, out: usize, lanes: i32, count: i32): void {
  let c0 = splat(0), c1 = splat(0);
  for (; k > 0; k--, a += ak, b += row) {
    const x = loadSplat(a);
    c0 = mulAdd(x, take(b, lanes == 1 ? count : W), c0);
    if (lanes == 2) c1 = mulAdd(x, take(b + STRIDE, count), c1);
  }
  putRow(out, c0, c1, lanes, count);
}

/** A column of tiles: all m rows of `lanes` Lanes. */
// @ts-ignore: decorator
@inline function column(
  m: i32, k: i32, a: usize, ai: usize, ak: usize, b: usize, row: usize, out: usize, lanes: i32, count: i32,
): void {
  let i = 0;
  for (; i + 4 <= m; i += 4, a += 4 * ai, out += 4 * row) tile4(k, a, ai, ak, b, row, out, lanes, count);
  for (; i < m; i++, a += ai, out += row) tile1(k, a, ak, b, row, out, lanes, count);
}

function product(m: i32, n: i32, k: i32, a: usize, ai: usize, ak: usize, b: usize, out: usize): void {
  const row = (<usize>n) << F32;
  let j = 0;
  for (; j + 2 * W <= n; j += 2 * W, b += 2 * STRIDE, out += 2 * STRIDE) column(m, k, a, ai, ak, b, row, out, 2, W);
  for (; j + W <= n; j += W, b += STRIDE, out += STRIDE) column(m, k, a, ai, ak, b, row, out, 1, W);
  if (j < n) column(m, k, a, ai, ak, b, row, out, 1, n - j);
}

export function matmul(m: i32, n: i32, k: i32, a: usize, b: usize, out: usize): void {
  product(m, n, k, a, (<usize>k) << F32, 1 << F32, b, out);
}

export function matmulTN(m: i32, n: i32, k: i32, a: usize, b: usize, out: usize): void {
  product(m, n, k, a, 1 << F32, (<usize>m) << F32, b, out);
}

export function matmulNT(m: i32, n: i32, k: i32, a: usize, b: usize, workspace: usize, out: usize): void {
  transpose(n, k, b, workspace);
  matmul(m, n, k, a, workspace, out);
}

export function transpose(m: i32, n: i32, x: usize, out: usize): void {
  const column = (<usize>m) << F32;
  for (let i = 0; i < m; i++, out += 4) {
    for (let j = 0, p = out; j < n; j++, x += 4, p += column) f32.store(p, f32.load(x));
  }
}

export function addBias(m: i32, n: i32, x: usize, bias: usize, out: usize): void {
  for (let i = 0; i < m; i++) {
    let b = bias;
    let j = 0;
    for (; j + W <= n; j += W, b += STRIDE, x += STRIDE, out += STRIDE) put(out, add(take(x, W), take(b, W)), W);
    if (j < n) {
      const rest = (<usize>(n - j)) << F32;
      put(out, add(take(x, n - j), take(b, n - j)), n - j);
      x += rest;
      out += rest;
    }
  }
}
