// Matrix products. The inner loop is a tile of 4 rows × 2 Lanes whose sums stay in registers. Strides of a make the
// transposed product the same loop.
import { add, F32, load, loadPartial, loadSplat, mulAdd, pmax, splat, store, storePartial, STRIDE, W } from './lane';
import { transpose } from './layout';

/** Terms and columns of a block of b: its 32 KiB stay in the first-level cache while all rows of a use it. */
const BLOCK_TERMS: i32 = 256;
const BLOCK_COLUMNS: i32 = 32;
/** Columns of a block if rows of a are packed, too: more columns share the cost of packing. */
const WIDE_BLOCK_COLUMNS: i32 = 64;
/** Rows of a that are packed together: a cache line has 16 floats. */
const PACKED_ROWS: i32 = 16;
/** Addresses of the packed block of b and of the packed rows of a, below the arena (src/runtime/memory.ts). */
const PANELS: usize = 0x10000;
const ROWS: usize = 0x8000;

/** If rows of b or terms of a are this many bytes apart, they compete for the same cache lines and are packed first. */
const MIN_PACKED_STRIDE: usize = 1024;

/**
 * Computes 4 rows × `lanes` (1 or 2) Lanes of out = a · b, or out += a · b unless `isNew`. Then adds bias if not 0 and
 * applies ReLU. In bytes: rows of a are `ai` apart and terms of a `ak`, terms of b `bk`, rows of out `row`.
 * Only the first `count` floats of the last Lane are stored, because it may extend beyond the row.
 */
@inline function tile4(
  k: i32, a: usize, ai: usize, ak: usize, b: usize, bk: usize, out: usize, row: usize, lanes: i32, count: i32,
  isNew: bool, bias: usize, relu: bool,
): void {
  const ai2 = ai + ai;
  const ai3 = ai2 + ai;
  const out2 = out + 2 * row;
  const first = lanes == 1 ? count : W;
  let c00 = initialSum(out, isNew, first), c10 = initialSum(out + row, isNew, first);
  let c20 = initialSum(out2, isNew, first), c30 = initialSum(out2 + row, isNew, first);
  let c01 = splat(0), c11 = splat(0), c21 = splat(0), c31 = splat(0);
  if (lanes == 2) {
    c01 = initialSum(out + STRIDE, isNew, count), c11 = initialSum(out + row + STRIDE, isNew, count);
    c21 = initialSum(out2 + STRIDE, isNew, count), c31 = initialSum(out2 + row + STRIDE, isNew, count);
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
  storeSum(c00, bias, relu, out, first);
  storeSum(c10, bias, relu, out + row, first);
  storeSum(c20, bias, relu, out2, first);
  storeSum(c30, bias, relu, out2 + row, first);
  if (lanes == 2) {
    const next = bias ? bias + STRIDE : 0;
    storeSum(c01, next, relu, out + STRIDE, count);
    storeSum(c11, next, relu, out + row + STRIDE, count);
    storeSum(c21, next, relu, out2 + STRIDE, count);
    storeSum(c31, next, relu, out2 + row + STRIDE, count);
  }
}

/** Does the same as `tile4` for one row. */
@inline function tile1(
  k: i32, a: usize, ak: usize, b: usize, bk: usize, out: usize, lanes: i32, count: i32, isNew: bool, bias: usize,
  relu: bool,
): void {
  const first = lanes == 1 ? count : W;
  let c0 = initialSum(out, isNew, first);
  let c1 = lanes == 2 ? initialSum(out + STRIDE, isNew, count) : c0;
  for (; k > 0; k--, a += ak, b += bk) {
    const x = loadSplat(a);
    c0 = mulAdd(x, load(b), c0);
    if (lanes == 2) c1 = mulAdd(x, load(b + STRIDE), c1);
  }
  storeSum(c0, bias, relu, out, first);
  if (lanes == 2) storeSum(c1, bias ? bias + STRIDE : 0, relu, out + STRIDE, count);
}

@inline function initialSum(out: usize, isNew: bool, count: i32): Lane {
  return isNew ? splat(0) : loadPartial(out, count);
}

/** Adds bias to a complete sum, applies ReLU and stores the first `count` floats. */
@inline export function storeSum(sum: Lane, bias: usize, relu: bool, out: usize, count: i32): void {
  let y = sum;
  if (bias) y = add(y, loadPartial(bias, count));
  if (relu) y = pmax(y, splat(0));
  storePartial(out, y, count);
}

/** Computes all m rows of `lanes` Lanes. */
@inline function column(
  lanes: i32, m: i32, k: i32, a: usize, ai: usize, ak: usize, b: usize, bk: usize, out: usize, row: usize, count: i32,
  isNew: bool, bias: usize, relu: bool,
): void {
  let i = 0;
  for (; i + 4 <= m; i += 4, a += 4 * ai, out += 4 * row) {
    tile4(k, a, ai, ak, b, bk, out, row, lanes, count, isNew, bias, relu);
  }
  for (; i < m; i++, a += ai, out += row) tile1(k, a, ak, b, bk, out, lanes, count, isNew, bias, relu);
}

// One function per width: in one function the optimizer would merge the loops and test the width in the innermost one.
function column2(
  m: i32, k: i32, a: usize, ai: usize, ak: usize, b: usize, bk: usize, out: usize, row: usize, count: i32, isNew: bool,
  bias: usize, relu: bool,
): void {
  column(2, m, k, a, ai, ak, b, bk, out, row, count, isNew, bias, relu);
}

function column1(
  m: i32, k: i32, a: usize, ai: usize, ak: usize, b: usize, bk: usize, out: usize, row: usize, count: i32, isNew: bool,
  bias: usize, relu: bool,
): void {
  column(1, m, k, a, ai, ak, b, bk, out, row, count, isNew, bias, relu);
}

/** Computes m rows of `width` columns. A panel is 2 Lanes of columns of b; panels are `panel` bytes apart. */
@inline function columns(
  m: i32, width: i32, k: i32, a: usize, ai: usize, ak: usize, b: usize, bk: usize, panel: usize, out: usize, row: usize,
  isNew: bool, bias: usize, relu: bool,
): void {
  let left = width;
  while (left > 0) {
    if (left > W) column2(m, k, a, ai, ak, b, bk, out, row, min(left - W, W), isNew, bias, relu);
    else column1(m, k, a, ai, ak, b, bk, out, row, left, isNew, bias, relu);
    left -= 2 * W;
    b += panel;
    out += 2 * STRIDE;
    if (bias) bias += 2 * STRIDE;
  }
}

/** Computes out (M,N) = a · b, or out += a · b unless `isNew`. Large strides are packed, block by block. */
function product(
  m: i32, n: i32, k: i32, a: usize, ai: usize, ak: usize, b: usize, bias: usize, relu: bool, out: usize, isNew: bool,
): void {
  const row = (<usize>n) << F32;
  if (row < MIN_PACKED_STRIDE && ak < MIN_PACKED_STRIDE) {
    columns(m, n, k, a, ai, ak, b, row, 2 * STRIDE, out, row, isNew, bias, relu);
    return;
  }
  if (k == 0) columns(m, n, 0, a, ai, ak, b, row, 2 * STRIDE, out, row, isNew, bias, relu);
  const isPacked = ak >= MIN_PACKED_STRIDE;
  const step = isPacked ? WIDE_BLOCK_COLUMNS : BLOCK_COLUMNS;
  for (let j = 0; j < n; j += step) {
    const width = min(step, n - j);
    const at = (<usize>j) << F32;
    for (let l = 0; l < k; l += BLOCK_TERMS) {
      const depth = min(BLOCK_TERMS, k - l);
      const isLast = l + depth == k;
      packPanels(width, depth, b + (<usize>l) * row + at, row);
      block(
        m, width, depth, a + (<usize>l) * ak, ai, ak, isPacked, out + at, row, isNew && l == 0,
        isLast && bias ? bias + at : 0, isLast && relu,
      );
    }
  }
}

/** Multiplies all rows of a with a packed block of b. If `isPacked`, 16 rows of a at a time are packed, too. */
function block(
  m: i32, width: i32, k: i32, a: usize, ai: usize, ak: usize, isPacked: bool, out: usize, row: usize, isNew: bool,
  bias: usize, relu: bool,
): void {
  const panel = (<usize>k) * 2 * STRIDE;
  let i = 0;
  if (isPacked) {
    const tile = (<usize>k) << 4;
    for (; i + PACKED_ROWS <= m; i += PACKED_ROWS, a += PACKED_ROWS * ai) {
      packRows(k, a, ak, tile);
      for (let t: usize = 0; t < 4; t++, out += 4 * row) {
        columns(
          4, width, k, ROWS + t * tile, 1 << F32, 4 << F32, PANELS, 2 * STRIDE, panel, out, row, isNew, bias, relu,
        );
      }
    }
  }
  for (; i < m; i += 4, a += 4 * ai, out += 4 * row) {
    columns(min(4, m - i), width, k, a, ai, ak, PANELS, 2 * STRIDE, panel, out, row, isNew, bias, relu);
  }
}

/** Copies `depth` terms of `width` columns of b to PANELS, in the order in which `column2` reads them. */
function packPanels(width: i32, depth: i32, b: usize, row: usize): void {
  let to = PANELS;
  for (let left = width; left > 0; left -= 2 * W, b += 2 * STRIDE) {
    let from = b;
    if (left > W) {
      const rest = min(left - W, W);
      for (let l = 0; l < depth; l++, from += row, to += 2 * STRIDE) {
        store(to, load(from));
        store(to + STRIDE, loadPartial(from + STRIDE, rest));
      }
    } else {
      for (let l = 0; l < depth; l++, from += row, to += 2 * STRIDE) store(to, loadPartial(from, left));
    }
  }
}

/** Copies `depth` terms of 16 adjacent rows of a to ROWS, as four tiles of 4 rows. */
function packRows(depth: i32, a: usize, ak: usize, tile: usize): void {
  for (let l = 0, to = ROWS; l < depth; l++, a += ak, to += 16) {
    for (let t: usize = 0; t < 4; t++) {
      const from = a + (t << 4);
      if (ASC_FEATURE_SIMD) {
        v128.store(to + t * tile, v128.load(from));
      } else {
        for (let row: usize = 0; row < 16; row += 4) f32.store(to + t * tile + row, f32.load(from + row));
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

export function addBias(m: i32, n: i32, x: usize, bias: usize, out: usize): void {
  const row = (<usize>n) << F32;
  for (let i = 0; i < m; i++, x += row, out += row) {
    let j = 0;
    let at: usize = 0;
    for (; j + W <= n; j += W, at += STRIDE) storePartial(out + at, add(load(x + at), load(bias + at)), W);
    if (j < n) storePartial(out + at, add(loadPartial(x + at, n - j), loadPartial(bias + at, n - j)), n - j);
  }
}
