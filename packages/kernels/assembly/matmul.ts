// Matrix products: one tile of 4 rows × 2 Lanes whose sums stay in registers, over any strides of a.
import { add, F32, load, loadSplat, mulAdd, pmax, put, STRIDE, splat, store, take, W } from './lane';

/** Terms of a block, and its columns: 32 KiB of b stay in the first-level cache under all rows of a. */
const DEPTH: i32 = 256;
const WIDTH: i32 = 32;
/** Columns of a block where rows of a are packed for it, which more columns share. */
const WIDE: i32 = 64;
/** Rows of a that are packed together: a line of the cache holds 16 floats. */
const BAND: i32 = 16;
/** Where the block of b lies, panel after panel, and the band of a, tile after tile: below the arena (src/memory.ts). */
const PANELS: usize = 0x10000;
const ROWS: usize = 0x8000;

/** Rows of b or terms of a so far apart (bytes) fall on each other in the cache: they are copied together first. */
const FAR: usize = 1024;

/**
 * 4 rows × `lanes` (1 or 2) Lanes of out = (what is there unless `fresh`) + a · b, then bias and ReLU where wanted.
 * Rows of a are ai bytes apart and its terms ak; terms of b are bk apart, rows of out are `row` apart.
 * The last Lane may reach beyond the row: only its first `count` floats are stored.
 */
// @ts-ignore: decorator
@inline function tile4(
  k: i32, a: usize, ai: usize, ak: usize, b: usize, bk: usize, out: usize, row: usize, lanes: i32, count: i32, fresh: bool,
  bias: usize, relu: bool,
): void {
  const ai2 = ai + ai;
  const ai3 = ai2 + ai;
  const out2 = out + 2 * row;
  const first = lanes == 1 ? count : W;
  let c00 = start(out, fresh, first), c10 = start(out + row, fresh, first);
  let c20 = start(out2, fresh, first), c30 = start(out2 + row, fresh, first);
  let c01 = splat(0), c11 = splat(0), c21 = splat(0), c31 = splat(0);
  if (lanes == 2) {
    c01 = start(out + STRIDE, fresh, count), c11 = start(out + row + STRIDE, fresh, count);
    c21 = start(out2 + STRIDE, fresh, count), c31 = start(out2 + row + STRIDE, fresh, count);
  }
  for (; k > 0; k--, a += ak, b += bk) {
    const b0 = load(b);
    const b1 = lanes == 1 ? b0 : load(b + STRIDE);
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
  finish(c00, bias, relu, out, first);
  finish(c10, bias, relu, out + row, first);
  finish(c20, bias, relu, out2, first);
  finish(c30, bias, relu, out2 + row, first);
  if (lanes == 2) {
    const next = bias ? bias + STRIDE : 0;
    finish(c01, next, relu, out + STRIDE, count);
    finish(c11, next, relu, out + row + STRIDE, count);
    finish(c21, next, relu, out2 + STRIDE, count);
    finish(c31, next, relu, out2 + row + STRIDE, count);
  }
}

/** One row of the same. */
// @ts-ignore: decorator
@inline function tile1(
  k: i32, a: usize, ak: usize, b: usize, bk: usize, out: usize, lanes: i32, count: i32, fresh: bool, bias: usize, relu: bool,
): void {
  const first = lanes == 1 ? count : W;
  let c0 = start(out, fresh, first);
  let c1 = lanes == 2 ? start(out + STRIDE, fresh, count) : c0;
  for (; k > 0; k--, a += ak, b += bk) {
    const x = loadSplat(a);
    c0 = mulAdd(x, load(b), c0);
    if (lanes == 2) c1 = mulAdd(x, load(b + STRIDE), c1);
  }
  finish(c0, bias, relu, out, first);
  if (lanes == 2) finish(c1, bias ? bias + STRIDE : 0, relu, out + STRIDE, count);
}

// @ts-ignore: decorator
@inline function start(out: usize, fresh: bool, count: i32): Lane {
  return fresh ? splat(0) : take(out, count);
}

/** A finished sum, plus bias, through ReLU, to its place. */
// @ts-ignore: decorator
@inline export function finish(sum: Lane, bias: usize, relu: bool, out: usize, count: i32): void {
  let y = sum;
  if (bias) y = add(y, take(bias, count));
  if (relu) y = pmax(y, splat(0));
  put(out, y, count);
}

// One function a width: in one body the optimizer would fold them together and test the width in the innermost loop.

/** All m rows of 2 Lanes. */
function column2(
  m: i32, k: i32, a: usize, ai: usize, ak: usize, b: usize, bk: usize, out: usize, row: usize, count: i32, fresh: bool, bias: usize, relu: bool,
): void {
  let i = 0;
  for (; i + 4 <= m; i += 4, a += 4 * ai, out += 4 * row) tile4(k, a, ai, ak, b, bk, out, row, 2, count, fresh, bias, relu);
  for (; i < m; i++, a += ai, out += row) tile1(k, a, ak, b, bk, out, 2, count, fresh, bias, relu);
}

/** All m rows of the last, single Lane. */
function column1(
  m: i32, k: i32, a: usize, ai: usize, ak: usize, b: usize, bk: usize, out: usize, row: usize, count: i32, fresh: bool, bias: usize, relu: bool,
): void {
  let i = 0;
  for (; i + 4 <= m; i += 4, a += 4 * ai, out += 4 * row) tile4(k, a, ai, ak, b, bk, out, row, 1, count, fresh, bias, relu);
  for (; i < m; i++, a += ai, out += row) tile1(k, a, ak, b, bk, out, 1, count, fresh, bias, relu);
}

/** m rows of `width` columns; a panel of b is `panel` bytes after the one before. */
// @ts-ignore: decorator
@inline function columns(
  m: i32, width: i32, k: i32, a: usize, ai: usize, ak: usize, b: usize, bk: usize, panel: usize, out: usize, row: usize, fresh: bool,
  bias: usize, relu: bool,
): void {
  let left = width;
  while (left > 0) {
    if (left > W) column2(m, k, a, ai, ak, b, bk, out, row, min(left - W, W), fresh, bias, relu);
    else column1(m, k, a, ai, ak, b, bk, out, row, left, fresh, bias, relu);
    left -= 2 * W;
    b += panel;
    out += 2 * STRIDE;
    if (bias) bias += 2 * STRIDE;
  }
}

/**
 * out (M,N) = (what is there unless `fresh`) + a · b, by blocks where rows of b are far apart or terms of a are: both are then
 * copied together.
 */
function product(m: i32, n: i32, k: i32, a: usize, ai: usize, ak: usize, b: usize, bias: usize, relu: bool, out: usize, fresh: bool): void {
  const row = (<usize>n) << F32;
  if (row < FAR && ak < FAR) {
    columns(m, n, k, a, ai, ak, b, row, 2 * STRIDE, out, row, fresh, bias, relu);
    return;
  }
  if (k == 0) columns(m, n, 0, a, ai, ak, b, row, 2 * STRIDE, out, row, fresh, bias, relu);
  const step = ak >= FAR ? WIDE : WIDTH;
  for (let j = 0; j < n; j += step) {
    const width = min(step, n - j);
    const at = (<usize>j) << F32;
    for (let l = 0; l < k; l += DEPTH) {
      const depth = min(DEPTH, k - l);
      const last = l + depth == k;
      packPanels(width, depth, b + (<usize>l) * row + at, row);
      block(m, width, depth, a + (<usize>l) * ak, ai, ak, ak >= FAR, out + at, row, fresh && l == 0, last && bias ? bias + at : 0, last && relu);
    }
  }
}

/** One packed block of b under all rows of a; these too are packed, 16 at a time, where their terms are strided. */
function block(
  m: i32, width: i32, k: i32, a: usize, ai: usize, ak: usize, strided: bool, out: usize, row: usize, fresh: bool, bias: usize, relu: bool,
): void {
  const panel = (<usize>k) * 2 * STRIDE;
  let i = 0;
  if (strided) {
    const tile = (<usize>k) << 4;
    for (; i + BAND <= m; i += BAND, a += BAND * ai) {
      packRows(k, a, ak, tile);
      for (let t: usize = 0; t < 4; t++, out += 4 * row) {
        columns(4, width, k, ROWS + t * tile, 1 << F32, 4 << F32, PANELS, 2 * STRIDE, panel, out, row, fresh, bias, relu);
      }
    }
  }
  for (; i < m; i += 4, a += 4 * ai, out += 4 * row) {
    columns(min(4, m - i), width, k, a, ai, ak, PANELS, 2 * STRIDE, panel, out, row, fresh, bias, relu);
  }
}

/** `depth` rows of `width` columns of b into PANELS: panel after panel of 2 Lanes, term after term. */
function packPanels(width: i32, depth: i32, b: usize, row: usize): void {
  let to = PANELS;
  for (let left = width; left > 0; left -= 2 * W, b += 2 * STRIDE) {
    let from = b;
    if (left > W) {
      const rest = min(left - W, W);
      for (let l = 0; l < depth; l++, from += row, to += 2 * STRIDE) {
        store(to, load(from));
        store(to + STRIDE, take(from + STRIDE, rest));
      }
    } else {
      for (let l = 0; l < depth; l++, from += row, to += 2 * STRIDE) store(to, take(from, left));
    }
  }
}

/** 16 rows of a, which lie side by side, into ROWS: four tiles of 4 rows, term after term. */
function packRows(depth: i32, a: usize, ak: usize, tile: usize): void {
  for (let l = 0, to = ROWS; l < depth; l++, a += ak, to += 16) {
    for (let t: usize = 0; t < 4; t++) {
      const from = a + (t << 4);
      if (ASC_FEATURE_SIMD) {
        v128.store(to + t * tile, v128.load(from));
      } else {
        f32.store(to + t * tile, f32.load(from));
        f32.store(to + t * tile, f32.load(from, 4), 4);
        f32.store(to + t * tile, f32.load(from, 8), 8);
        f32.store(to + t * tile, f32.load(from, 12), 12);
      }
    }
  }
}

export function matmul(m: i32, n: i32, k: i32, a: usize, b: usize, out: usize): void {
  product(m, n, k, a, (<usize>k) << F32, 1 << F32, b, 0, false, out, true);
}

export function linear(m: i32, n: i32, k: i32, relu: i32, x: usize, w: usize, bias: usize, out: usize): void {
  product(m, n, k, x, (<usize>k) << F32, 1 << F32, w, bias, relu != 0, out, true);
}

export function matmulTN(m: i32, n: i32, k: i32, a: usize, b: usize, out: usize): void {
  product(m, n, k, a, 1 << F32, (<usize>m) << F32, b, 0, false, out, true);
}

export function matmulNT(m: i32, n: i32, k: i32, a: usize, b: usize, workspace: usize, out: usize): void {
  transpose(n, k, b, workspace);
  matmul(m, n, k, a, workspace, out);
}

export function addMatmulNT(m: i32, n: i32, k: i32, a: usize, b: usize, workspace: usize, out: usize): void {
  transpose(n, k, b, workspace);
  product(m, n, k, a, (<usize>k) << F32, 1 << F32, workspace, 0, false, out, false);
}

export function transpose(m: i32, n: i32, x: usize, out: usize): void {
  const row = (<usize>n) << F32;
  const column = (<usize>m) << F32;
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    for (; i + 4 <= m; i += 4, x += 4 * row, out += 16) transposeFour(n, x, row, out, column);
  }
  for (; i < m; i++, x += row, out += 4) {
    for (let j = 0, p = x, q = out; j < n; j++, p += 4, q += column) f32.store(q, f32.load(p));
  }
}

/** Four rows of x become four columns of out, a block of 4 × 4 at a time. */
function transposeFour(n: i32, x: usize, row: usize, out: usize, column: usize): void {
  let j = 0;
  for (; j + 4 <= n; j += 4, x += 16, out += 4 * column) {
    const r0 = v128.load(x), r1 = v128.load(x + row), r2 = v128.load(x + 2 * row), r3 = v128.load(x + 3 * row);
    const a = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), b = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
    const c = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5), d = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
    v128.store(out, v128.shuffle<f64>(a, c, 0, 2));
    v128.store(out + column, v128.shuffle<f64>(a, c, 1, 3));
    v128.store(out + 2 * column, v128.shuffle<f64>(b, d, 0, 2));
    v128.store(out + 3 * column, v128.shuffle<f64>(b, d, 1, 3));
  }
  for (; j < n; j++, x += 4, out += column) {
    f32.store(out, f32.load(x));
    f32.store(out, f32.load(x + row), 4);
    f32.store(out, f32.load(x + 2 * row), 8);
    f32.store(out, f32.load(x + 3 * row), 12);
  }
}

export function addBias(m: i32, n: i32, x: usize, bias: usize, out: usize): void {
  const row = (<usize>n) << F32;
  for (let i = 0; i < m; i++, x += row, out += row) {
    let j = 0;
    let at: usize = 0;
    for (; j + W <= n; j += W, at += STRIDE) put(out + at, add(load(x + at), load(bias + at)), W);
    if (j < n) put(out + at, add(take(x + at, n - j), take(bias + at, n - j)), n - j);
  }
}
