// Convolution as a matrix product: `im2col` copies each window of an image to a column, `col2im` adds columns back.
// Names: a window of `kernel` × `kernel` elements has `rows` × `columns` positions on an image of height × width.
import { add, F32, load, loadPartial, minimumOutput, pmax, splat, store, storePartial, STRIDE, W } from './lane';
import { copyFloats } from './layout';
import { sum } from './reduce';

/** Returns the number of positions of a window along an axis. */
@inline function countPositions(size: i32, kernel: i32, stride: i32, padding: i32): i32 {
  const room = size + 2 * padding - kernel;
  return room < 0 ? 0 : room / stride + 1;
}

/** Returns the first position whose window element `offset` is in the image, not in the padding before it. */
@inline function firstValid(positions: i32, stride: i32, offset: i32): i32 {
  return offset >= 0 ? 0 : min(positions, (stride - 1 - offset) / stride);
}

/** Returns the first position after `first` whose window element `offset` is in the padding behind the image. */
@inline function endValid(positions: i32, size: i32, stride: i32, offset: i32, first: i32): i32 {
  const room = size - 1 - offset;
  return room < 0 ? first : max(first, min(positions, room / stride + 1));
}

@inline function fillZeros(n: i32, out: usize): void {
  if (n > 0) memory.fill(out, 0, (<usize>n) << F32);
}

/** Computes out[i] = x[i · stride] for n elements. */
@inline function gatherStrided(n: i32, stride: i32, x: usize, out: usize): void {
  if (stride == 1) {
    copyFloats(n, x, out);
    return;
  }
  for (const by = (<usize>stride) << F32; n > 0; n--, x += by, out += 4) f32.store(out, f32.load(x));
}

/** Computes out[i · stride] += x[i] for n elements. */
@inline function scatterAddStrided(n: i32, stride: i32, x: usize, out: usize): void {
  if (stride == 1) {
    for (; n >= W; n -= W, x += STRIDE, out += STRIDE) store(out, add(load(out), load(x)));
    if (n > 0) storePartial(out, add(loadPartial(out, n), loadPartial(x, n)), n);
    return;
  }
  for (const by = (<usize>stride) << F32; n > 0; n--, x += 4, out += by) f32.store(out, f32.load(out) + f32.load(x));
}

/** Copies window element (ky, kx) of all positions on one image to `matrix`, or adds it back if `isCol2im`. */
@inline function im2colImage(
  isCol2im: bool, height: i32, width: i32, ky: i32, kx: i32, rows: i32, columns: i32, stride: i32,
  image: usize, matrix: usize,
): void {
  const first = firstValid(columns, stride, kx);
  const end = endValid(columns, width, stride, kx, first);
  const before = (<usize>first) << F32;
  const after = (<usize>end) << F32;
  for (let row = 0, y = ky; row < rows; row++, y += stride, matrix += (<usize>columns) << F32) {
    const isInside = y >= 0 && y < height;
    const at = image + ((<usize>(y * width + first * stride + kx)) << F32);
    if (isCol2im) {
      if (isInside) scatterAddStrided(end - first, stride, matrix + before, at);
    } else if (isInside) {
      fillZeros(first, matrix);
      gatherStrided(end - first, stride, at, matrix + before);
      fillZeros(columns - end, matrix + after);
    } else {
      fillZeros(columns, matrix);
    }
  }
}

@inline function im2colBatch(
  isCol2im: bool, batch: i32, channels: i32, height: i32, width: i32, kernel: i32, stride: i32, padding: i32,
  images: usize, matrix: usize,
): void {
  const rows = countPositions(height, kernel, stride, padding);
  const columns = countPositions(width, kernel, stride, padding);
  const plane = (<usize>(height * width)) << F32;
  const positions = (<usize>(rows * columns)) << F32;
  for (let channel = 0; channel < channels; channel++, images += plane) {
    for (let ky = -padding; ky < kernel - padding; ky++) {
      for (let kx = -padding; kx < kernel - padding; kx++) {
        for (let b = 0, image = images; b < batch; b++, image += <usize>channels * plane, matrix += positions) {
          im2colImage(isCol2im, height, width, ky, kx, rows, columns, stride, image, matrix);
        }
      }
    }
  }
}

export function im2col(
  batch: i32, channels: i32, height: i32, width: i32, kernel: i32, stride: i32, padding: i32, x: usize, out: usize,
): void {
  im2colBatch(false, batch, channels, height, width, kernel, stride, padding, x, out);
}

export function col2im(
  batch: i32, channels: i32, height: i32, width: i32, kernel: i32, stride: i32, padding: i32, x: usize, out: usize,
): void {
  memory.fill(out, 0, (<usize>(batch * channels * height * width)) << F32);
  im2colBatch(true, batch, channels, height, width, kernel, stride, padding, out, x);
}

export function channelBias(m: i32, n: i32, k: i32, relu: i32, x: usize, bias: usize, out: usize): void {
  const minimum = minimumOutput(relu);
  for (let i = 0; i < m; i++) {
    for (let j = 0, p = bias; j < n; j++, p += 4) {
      const b = splat(f32.load(p));
      let left = k;
      for (; left >= W; left -= W, x += STRIDE, out += STRIDE) store(out, pmax(add(load(x), b), minimum));
      if (left > 0) {
        storePartial(out, pmax(add(loadPartial(x, left), b), minimum), left);
        x += (<usize>left) << F32;
        out += (<usize>left) << F32;
      }
    }
  }
}

export function sumAxis1(m: i32, n: i32, x: usize, out: usize): void {
  for (; m > 0; m--, x += (<usize>n) << F32, out += 4) f32.store(out, sum(n, x));
}

/** Loads four floats that are `stride` (1 or 2) apart. */
@inline function loadStrided4(stride: i32, p: usize): v128 {
  const x = v128.load(p);
  return stride == 1 ? x : v128.shuffle<f32>(x, v128.load(p + 16), 0, 2, 4, 6);
}

/** Stores the maxima of four neighboring windows on the plane x and their indices; the first window is at `corner`. */
function storeMax4(width: i32, kernel: i32, stride: i32, x: usize, corner: i32, indices: usize, out: usize): void {
  const corners = i32x4.add(i32x4.splat(corner), i32x4.mul(i32x4.splat(stride), i32x4(0, 1, 2, 3)));
  let best = corners;
  let value = loadStrided4(stride, x + ((<usize>corner) << F32));
  for (let ky = 0, line = 0; ky < kernel; ky++, line += width) {
    for (let at = line; at < line + kernel; at++) {
      const v = loadStrided4(stride, x + ((<usize>(corner + at)) << F32));
      const isBetter = v128.or(f32x4.gt(v, value), f32x4.ne(v, v));
      value = v128.bitselect(v, value, isBetter);
      best = v128.bitselect(i32x4.add(corners, i32x4.splat(at)), best, isBetter);
    }
  }
  v128.store(indices, best);
  v128.store(out, value);
}

/** Stores the maximum of one window and its index. */
function storeMax1(width: i32, kernel: i32, x: usize, corner: i32, indices: usize, out: usize): void {
  let best = corner;
  let value = f32.load(x + ((<usize>corner) << F32));
  for (let ky = 0, line = corner; ky < kernel; ky++, line += width) {
    for (let at = line; at < line + kernel; at++) {
      const v = f32.load(x + ((<usize>at) << F32));
      const isBetter = i32(v > value) | i32(v != v);
      value = select<f32>(v, value, isBetter);
      best = select<i32>(at, best, isBetter);
    }
  }
  i32.store(indices, best);
  f32.store(out, value);
}

export function maxPool(
  planes: i32, height: i32, width: i32, kernel: i32, stride: i32, x: usize, indices: usize, out: usize,
): void {
  const rows = countPositions(height, kernel, stride, 0);
  const columns = countPositions(width, kernel, stride, 0);
  for (; planes > 0; planes--, x += (<usize>(height * width)) << F32) {
    for (let row = 0; row < rows; row++) {
      let column = 0;
      let corner = row * stride * width;
      if (ASC_FEATURE_SIMD && stride <= 2) {
        for (; column + 4 <= columns; column += 4, corner += 4 * stride, indices += 16, out += 16) {
          storeMax4(width, kernel, stride, x, corner, indices, out);
        }
      }
      for (; column < columns; column++, corner += stride, indices += 4, out += 4) {
        storeMax1(width, kernel, x, corner, indices, out);
      }
    }
  }
}

export function maxPoolBackward(
  planes: i32, height: i32, width: i32, kernel: i32, stride: i32, indices: usize, dy: usize, dx: usize,
): void {
  const positions = countPositions(height, kernel, stride, 0) * countPositions(width, kernel, stride, 0);
  const plane = (<usize>(height * width)) << F32;
  memory.fill(dx, 0, <usize>planes * plane);
  for (; planes > 0; planes--, dx += plane) {
    for (let i = 0; i < positions; i++, indices += 4, dy += 4) {
      const at = dx + ((<usize>i32.load(indices)) << F32);
      f32.store(at, f32.load(at) + f32.load(dy));
    }
  }
}
