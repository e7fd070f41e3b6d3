// From stored examples to a batch: rows picked by index.
import { div, F32, splat, store } from './lane';

/** Four bytes as four floats. */
// @ts-ignore: decorator
@inline function widen(p: usize): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(p))));
}

export function gatherBytes(m: i32, n: i32, divisor: f32, table: usize, indices: usize, out: usize): void {
  for (let i = 0; i < m; i++, indices += 4) {
    let p = table + (<usize>i32.load(indices)) * (<usize>n);
    let j = 0;
    if (ASC_FEATURE_SIMD) {
      const d = splat(divisor);
      for (; j + 4 <= n; j += 4, p += 4, out += 16) store(out, div(widen(p), d));
    }
    for (; j < n; j++, p++, out += 4) f32.store(out, <f32>(<i32>load<u8>(p)) / divisor);
  }
}

export function gatherRows(m: i32, n: i32, table: usize, indices: usize, out: usize): void {
  const row = (<usize>n) << F32;
  for (let i = 0; i < m; i++, indices += 4, out += row) memory.copy(out, table + (<usize>i32.load(indices)) * row, row);
}

export function gatherLabels(m: i32, table: usize, indices: usize, out: usize): void {
  for (let i = 0; i < m; i++, indices += 4, out += 4) i32.store(out, <i32>load<u8>(table + <usize>i32.load(indices)));
}
