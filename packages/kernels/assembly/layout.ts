// Ops that copy elements to other places: transposes, and rows of a data set picked by index.
import { div, F32, load, loadPartial, splat, store, storePartial, STRIDE, W } from './lane';

export function transpose(m: i32, n: i32, x: usize, out: usize): void {
  const row = (<usize>n) << F32;
  const column = (<usize>m) << F32;
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    for (; i + 4 <= m; i += 4, x += 4 * row, out += 16) transposeRows4(n, x, row, out, column);
  }
  for (; i < m; i++, x += row, out += 4) {
    for (let j = 0, p = x, q = out; j < n; j++, p += 4, q += column) f32.store(q, f32.load(p));
  }
}

/** Transposes four rows of x, one block of 4 × 4 at a time: two rounds of shuffles interleave its rows. */
function transposeRows4(n: i32, x: usize, row: usize, out: usize, column: usize): void {
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

@inline export function copyFloats(n: i32, x: usize, out: usize): void {
  for (; n >= W; n -= W, x += STRIDE, out += STRIDE) store(out, load(x));
  if (n > 0) storePartial(out, loadPartial(x, n), n);
}

export function swapAxes(m: i32, n: i32, k: i32, x: usize, out: usize): void {
  if (k == 1) {
    transpose(m, n, x, out);
    return;
  }
  const run = (<usize>k) << F32;
  const next = (<usize>m) * run;
  for (let i = 0; i < m; i++, out += run) {
    for (let j = 0, to = out; j < n; j++, x += run, to += next) copyFloats(k, x, to);
  }
}

/** Loads four bytes as four floats. */
@inline function loadBytes(p: usize): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(p))));
}

export function gatherBytes(m: i32, n: i32, divisor: f32, table: usize, indices: usize, out: usize): void {
  for (let i = 0; i < m; i++, indices += 4) {
    let p = table + (<usize>i32.load(indices)) * (<usize>n);
    let j = 0;
    if (ASC_FEATURE_SIMD) {
      const d = splat(divisor);
      for (; j + 4 <= n; j += 4, p += 4, out += 16) store(out, div(loadBytes(p), d));
    }
    for (; j < n; j++, p++, out += 4) f32.store(out, <f32>i32.load8_u(p) / divisor);
  }
}

export function gatherRows(m: i32, n: i32, table: usize, indices: usize, out: usize): void {
  const row = (<usize>n) << F32;
  for (let i = 0; i < m; i++, indices += 4, out += row) memory.copy(out, table + (<usize>i32.load(indices)) * row, row);
}

export function gatherLabels(m: i32, table: usize, indices: usize, out: usize): void {
  for (let i = 0; i < m; i++, indices += 4, out += 4) i32.store(out, i32.load8_u(table + <usize>i32.load(indices)));
}
