// Products that skip zeros. Each row of a becomes a list of its non-zeros (index, value). The product adds rows of b
// that the list names, in as many Lanes at once as fit into registers.
import { F32, load, loadSplat, mulAdd, splat, STRIDE, W } from './lane';
import { storeSum } from './matmul';

/** log2 of the bytes of an entry: an index (int32) and a value (float32). */
const ENTRY: usize = 3;

/** V8 of Node 20 loads all Lanes of b first: 7 sums, 7 loads and the factor use 15 of 16 registers. */
const MAX_LANES: i32 = 7;

/** For each mask of four elements, the `swizzle` indices that move the selected elements to the front. */
const COMPACT_SHUFFLE: StaticArray<u8> = [
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  4, 5, 6, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 0, 0, 0, 0, 0,
  8, 9, 10, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 1, 2, 3, 8, 9, 10, 11, 0, 0, 0, 0, 0, 0, 0, 0,
  4, 5, 6, 7, 8, 9, 10, 11, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 0, 0, 0,
  12, 13, 14, 15, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 1, 2, 3, 12, 13, 14, 15, 0, 0, 0, 0, 0, 0, 0, 0,
  4, 5, 6, 7, 12, 13, 14, 15, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15, 0, 0, 0, 0,
  8, 9, 10, 11, 12, 13, 14, 15, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 0, 0, 0, 0,
  4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 0, 0, 0,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
];

/** For each mask of four elements, the indices of the selected elements. */
const NONZERO_POSITIONS: StaticArray<i32> = [
  0, 0, 0, 0,  0, 0, 0, 0,  1, 0, 0, 0,  0, 1, 0, 0,
  2, 0, 0, 0,  0, 2, 0, 0,  1, 2, 0, 0,  0, 1, 2, 0,
  3, 0, 0, 0,  0, 3, 0, 0,  1, 3, 0, 0,  0, 1, 3, 0,
  2, 3, 0, 0,  0, 2, 3, 0,  1, 2, 3, 0,  0, 1, 2, 3,
];

/** Appends the non-zeros of x, elements `at` to `at + 3` of the row, to a list. Returns the new length. */
@inline function append(x: v128, at: i32, length: i32, entries: usize): i32 {
  const mask = i32x4.bitmask(f32x4.ne(x, f32x4.splat(0)));
  const tableRow = (<usize>mask) << 4;
  const values = v128.swizzle(x, v128.load(changetype<usize>(COMPACT_SHUFFLE) + tableRow));
  const indices = i32x4.add(v128.load(changetype<usize>(NONZERO_POSITIONS) + tableRow), i32x4.splat(at));
  const to = entries + ((<usize>length) << ENTRY);
  v128.store(to, v128.shuffle<i32>(indices, values, 0, 4, 1, 5));
  v128.store(to, v128.shuffle<i32>(indices, values, 2, 6, 3, 7), 16);
  return length + popcnt<i32>(mask);
}

/** Appends x if it is not zero: the entry is always written, but the length grows only for a non-zero. */
@inline function appendOne(x: f32, at: i32, length: i32, entries: usize): i32 {
  const to = entries + ((<usize>length) << ENTRY);
  i32.store(to, at);
  f32.store(to, x, 4);
  return length + i32(x != 0);
}

export function compressRows(m: i32, n: i32, x: usize, counts: usize, entries: usize): i32 {
  let total = 0;
  for (let i = 0; i < m; i++, counts += 4, entries += (<usize>n) << ENTRY) {
    let length = 0;
    let j = 0;
    if (ASC_FEATURE_SIMD) {
      for (; j + 4 <= n; j += 4, x += 16) length = append(v128.load(x), j, length, entries);
    }
    for (; j < n; j++, x += 4) length = appendOne(f32.load(x), j, length, entries);
    i32.store(counts, length);
    total += length;
  }
  return total;
}

@inline function divideInts(x: v128, divisor: v128): v128 {
  return f32x4.div(f32x4.convert_i32x4_s(x), divisor);
}

/** Appends the non-zeros of sixteen pixels. */
@inline function appendPixels(bytes: v128, divisor: v128, at: i32, length: i32, entries: usize): i32 {
  const low = i16x8.extend_low_i8x16_u(bytes);
  const high = i16x8.extend_high_i8x16_u(bytes);
  length = append(divideInts(i32x4.extend_low_i16x8_u(low), divisor), at, length, entries);
  length = append(divideInts(i32x4.extend_high_i16x8_u(low), divisor), at + 4, length, entries);
  length = append(divideInts(i32x4.extend_low_i16x8_u(high), divisor), at + 8, length, entries);
  return append(divideInts(i32x4.extend_high_i16x8_u(high), divisor), at + 12, length, entries);
}

/** Reads one byte of each cache line of all rows, so that the processor fetches many lines of a large table at once. */
@inline function prefetch(m: i32, n: i32, table: usize, rows: usize): i32 {
  let combined = 0;
  for (let i = 0; i < m; i++, rows += 4) {
    const p = table + (<usize>i32.load(rows)) * (<usize>n);
    for (let line: usize = 0; line < <usize>n; line += 64) combined |= i32.load8_u(p + line);
  }
  return combined;
}

export function compressBytes(
  m: i32, n: i32, divisor: f32, table: usize, rows: usize, counts: usize, entries: usize,
): i32 {
  let total = 0;
  if (m > 0) i32.store(counts, prefetch(m, n, table, rows)); // the store keeps the loads from being optimized away
  for (let i = 0; i < m; i++, rows += 4, counts += 4, entries += (<usize>n) << ENTRY) {
    let p = table + (<usize>i32.load(rows)) * (<usize>n);
    let length = 0;
    let j = 0;
    if (ASC_FEATURE_SIMD) {
      const d = f32x4.splat(divisor);
      for (; j + 16 <= n; j += 16, p += 16) {
        const bytes = v128.load(p);
        if (v128.any_true(bytes)) length = appendPixels(bytes, d, j, length, entries);
      }
    }
    for (; j < n; j++, p++) length = appendOne(<f32>i32.load8_u(p) / divisor, j, length, entries);
    i32.store(counts, length);
    total += length;
  }
  return total;
}

export function compressColumns(
  m: i32, n: i32, capacity: i32, counts: usize, entries: usize, columnCounts: usize, columnEntries: usize,
): void {
  memory.fill(columnCounts, 0, (<usize>n) << F32);
  const list = (<usize>capacity) << ENTRY;
  for (let i = 0; i < m; i++, counts += 4, entries += (<usize>n) << ENTRY) {
    const end = entries + ((<usize>i32.load(counts)) << ENTRY);
    for (let p = entries; p < end; p += 1 << ENTRY) {
      const column = <usize>i32.load(p);
      const count = columnCounts + (column << F32);
      const length = i32.load(count);
      const to = columnEntries + column * list + ((<usize>length) << ENTRY);
      i32.store(to, i);
      f32.store(to, f32.load(p, 4), 4);
      i32.store(count, length + 1);
    }
  }
}

/**
 * Computes `lanes` Lanes of one row of out: Σ value · b[index, :] over a list, plus bias if it is not 0, then ReLU.
 * The last Lane may extend beyond the row: only its first `last` floats are stored.
 */
@inline function sumList(
  lanes: i32, count: i32, entries: usize, b: usize, row: usize, bias: usize, relu: bool, out: usize, last: i32,
): void {
  let c0 = splat(0);
  let c1 = splat(0);
  let c2 = splat(0);
  let c3 = splat(0);
  let c4 = splat(0);
  let c5 = splat(0);
  let c6 = splat(0);
  for (const end = entries + ((<usize>count) << ENTRY); entries < end; entries += 1 << ENTRY) {
    const v = loadSplat(entries + 4);
    const p = b + (<usize>i32.load(entries)) * row;
    c0 = mulAdd(v, load(p), c0);
    if (lanes > 1) c1 = mulAdd(v, load(p + 1 * STRIDE), c1);
    if (lanes > 2) c2 = mulAdd(v, load(p + 2 * STRIDE), c2);
    if (lanes > 3) c3 = mulAdd(v, load(p + 3 * STRIDE), c3);
    if (lanes > 4) c4 = mulAdd(v, load(p + 4 * STRIDE), c4);
    if (lanes > 5) c5 = mulAdd(v, load(p + 5 * STRIDE), c5);
    if (lanes > 6) c6 = mulAdd(v, load(p + 6 * STRIDE), c6);
  }
  storeSumAt(0, c0, bias, relu, out, lanes == 1 ? last : W);
  if (lanes > 1) storeSumAt(1, c1, bias, relu, out, lanes == 2 ? last : W);
  if (lanes > 2) storeSumAt(2, c2, bias, relu, out, lanes == 3 ? last : W);
  if (lanes > 3) storeSumAt(3, c3, bias, relu, out, lanes == 4 ? last : W);
  if (lanes > 4) storeSumAt(4, c4, bias, relu, out, lanes == 5 ? last : W);
  if (lanes > 5) storeSumAt(5, c5, bias, relu, out, lanes == 6 ? last : W);
  if (lanes > 6) storeSumAt(6, c6, bias, relu, out, lanes == 7 ? last : W);
}

@inline function storeSumAt(lane: usize, sum: Lane, bias: usize, relu: bool, out: usize, count: i32): void {
  storeSum(sum, bias ? bias + lane * STRIDE : 0, relu, out + lane * STRIDE, count);
}

/** Computes all m rows of `lanes` Lanes. */
@inline function band(
  lanes: i32, m: i32, capacity: i32, row: usize, counts: usize, entries: usize, b: usize, bias: usize, relu: bool,
  out: usize, last: i32,
): void {
  const list = (<usize>capacity) << ENTRY;
  for (let i = 0; i < m; i++, counts += 4, entries += list, out += row) {
    sumList(lanes, i32.load(counts), entries, b, row, bias, relu, out, last);
  }
}

// One function per width: in one function the optimizer would merge the loops and test the width in the innermost one.
// Parameters: m, capacity, row, counts, entries, b, bias, relu, out, last.
function band1(m: i32, p: i32, r: usize, c: usize, e: usize, b: usize, d: usize, relu: bool, o: usize, l: i32): void {
  band(1, m, p, r, c, e, b, d, relu, o, l);
}
function band2(m: i32, p: i32, r: usize, c: usize, e: usize, b: usize, d: usize, relu: bool, o: usize, l: i32): void {
  band(2, m, p, r, c, e, b, d, relu, o, l);
}
function band3(m: i32, p: i32, r: usize, c: usize, e: usize, b: usize, d: usize, relu: bool, o: usize, l: i32): void {
  band(3, m, p, r, c, e, b, d, relu, o, l);
}
function band4(m: i32, p: i32, r: usize, c: usize, e: usize, b: usize, d: usize, relu: bool, o: usize, l: i32): void {
  band(4, m, p, r, c, e, b, d, relu, o, l);
}
function band5(m: i32, p: i32, r: usize, c: usize, e: usize, b: usize, d: usize, relu: bool, o: usize, l: i32): void {
  band(5, m, p, r, c, e, b, d, relu, o, l);
}
function band6(m: i32, p: i32, r: usize, c: usize, e: usize, b: usize, d: usize, relu: bool, o: usize, l: i32): void {
  band(6, m, p, r, c, e, b, d, relu, o, l);
}
function band7(m: i32, p: i32, r: usize, c: usize, e: usize, b: usize, d: usize, relu: bool, o: usize, l: i32): void {
  band(7, m, p, r, c, e, b, d, relu, o, l);
}

function product(
  m: i32, n: i32, capacity: i32, counts: usize, entries: usize, b: usize, bias: usize, relu: bool, out: usize,
): void {
  const row = (<usize>n) << F32;
  let left = (n + W - 1) / W;
  const tail = n - (left - 1) * W;
  while (left > 0) {
    const parts = (left + MAX_LANES - 1) / MAX_LANES;
    const lanes = (left + parts - 1) / parts;
    const last = lanes == left ? tail : W;
    switch (lanes) {
      case 1: band1(m, capacity, row, counts, entries, b, bias, relu, out, last); break;
      case 2: band2(m, capacity, row, counts, entries, b, bias, relu, out, last); break;
      case 3: band3(m, capacity, row, counts, entries, b, bias, relu, out, last); break;
      case 4: band4(m, capacity, row, counts, entries, b, bias, relu, out, last); break;
      case 5: band5(m, capacity, row, counts, entries, b, bias, relu, out, last); break;
      case 6: band6(m, capacity, row, counts, entries, b, bias, relu, out, last); break;
      default: band7(m, capacity, row, counts, entries, b, bias, relu, out, last);
    }
    const step = (<usize>lanes) * STRIDE;
    left -= lanes;
    b += step;
    out += step;
    if (bias) bias += step;
  }
}

export function sparseMatmul(m: i32, n: i32, capacity: i32, counts: usize, entries: usize, b: usize, out: usize): void {
  product(m, n, capacity, counts, entries, b, 0, false, out);
}

export function sparseLinear(
  m: i32, n: i32, capacity: i32, relu: i32, counts: usize, entries: usize, w: usize, bias: usize, out: usize,
): void {
  product(m, n, capacity, counts, entries, w, bias, relu != 0, out);
}
