// Convolution by matrix products: windows of a picture laid out as columns, and back; pooling.
import { add, F32, load, pmax, put, STRIDE, splat, store, take, W } from './lane';
import { sum } from './reduce';

/** Places of a window of `kernel` along `size`. */
// @ts-ignore: decorator
@inline function placesOf(size: i32, kernel: i32, stride: i32, padding: i32): i32 {
  const room = size + 2 * padding - kernel;
  return room < 0 ? 0 : room / stride + 1;
}

/** The first place whose element `offset` of the window is not before the picture. */
// @ts-ignore: decorator
@inline function firstInside(places: i32, stride: i32, offset: i32): i32 {
  return offset >= 0 ? 0 : min(places, (stride - 1 - offset) / stride);
}

/** The first place from `first` on whose element `offset` of the window is beyond a picture of `size`. */
// @ts-ignore: decorator
@inline function firstBeyond(places: i32, size: i32, stride: i32, offset: i32, first: i32): i32 {
  const room = size - 1 - offset;
  return room < 0 ? first : max(first, min(places, room / stride + 1));
}

// @ts-ignore: decorator
@inline function zeros(n: i32, out: usize): void {
  if (n > 0) memory.fill(out, 0, (<usize>n) << F32);
}

/** out = every `stride`-th of n elements from x. */
// @ts-ignore: decorator
@inline function pick(n: i32, stride: i32, x: usize, out: usize): void {
  if (stride == 1) {
    for (; n >= W; n -= W, x += STRIDE, out += STRIDE) store(out, load(x));
    if (n > 0) put(out, take(x, n), n);
    return;
  }
  for (const by = (<usize>stride) << F32; n > 0; n--, x += by, out += 4) f32.store(out, f32.load(x));
}

/** Every `stride`-th of n elements from out += x. */
// @ts-ignore: decorator
@inline function spread(n: i32, stride: i32, x: usize, out: usize): void {
  if (stride == 1) {
    for (; n >= W; n -= W, x += STRIDE, out += STRIDE) store(out, add(load(out), load(x)));
    if (n > 0) put(out, add(take(out, n), take(x, n)), n);
    return;
  }
  for (const by = (<usize>stride) << F32; n > 0; n--, x += 4, out += by) f32.store(out, f32.load(out) + f32.load(x));
}

/** One row of the columns, and of one picture: element (ky, kx) of every window. */
// @ts-ignore: decorator
@inline function picture(
  back: bool, height: i32, width: i32, ky: i32, kx: i32, rows: i32, columns: i32, stride: i32, plane: usize, line: usize,
): void {
  const first = firstInside(columns, stride, kx);
  const beyond = firstBeyond(columns, width, stride, kx, first);
  const before = (<usize>first) << F32;
  const after = (<usize>beyond) << F32;
  for (let row = 0, y = ky; row < rows; row++, y += stride, line += (<usize>columns) << F32) {
    const inside = y >= 0 && y < height;
    const at = plane + ((<usize>(y * width + first * stride + kx)) << F32);
    if (back) {
      if (inside) spread(beyond - first, stride, line + before, at);
    } else if (inside) {
      zeros(first, line);
      pick(beyond - first, stride, at, line + before);
      zeros(columns - beyond, line + after);
    } else {
      zeros(columns, line);
    }
  }
}

// @ts-ignore: decorator
@inline function windows(
  back: bool, batch: i32, channels: i32, height: i32, width: i32, kernel: i32, stride: i32, padding: i32, pictures: usize, lines: usize,
): void {
  const rows = placesOf(height, kernel, stride, padding);
  const columns = placesOf(width, kernel, stride, padding);
  const plane = (<usize>(height * width)) << F32;
  const places = (<usize>(rows * columns)) << F32;
  for (let channel = 0; channel < channels; channel++, pictures += plane) {
    for (let ky = -padding; ky < kernel - padding; ky++) {
      for (let kx = -padding; kx < kernel - padding; kx++) {
        for (let b = 0, p = pictures; b < batch; b++, p += <usize>channels * plane, lines += places) {
          picture(back, height, width, ky, kx, rows, columns, stride, p, lines);
        }
      }
    }
  }
}

export function im2col(
  batch: i32, channels: i32, height: i32, width: i32, kernel: i32, stride: i32, padding: i32, x: usize, out: usize,
): void {
  windows(false, batch, channels, height, width, kernel, stride, padding, x, out);
}

export function col2im(
  batch: i32, channels: i32, height: i32, width: i32, kernel: i32, stride: i32, padding: i32, x: usize, out: usize,
): void {
  memory.fill(out, 0, (<usize>(batch * channels * height * width)) << F32);
  windows(true, batch, channels, height, width, kernel, stride, padding, out, x);
}

export function channelBias(m: i32, n: i32, k: i32, relu: i32, x: usize, bias: usize, out: usize): void {
  const least = splat(relu ? 0 : -f32.MAX_VALUE * 2);
  for (let i = 0; i < m; i++) {
    for (let j = 0, p = bias; j < n; j++, p += 4) {
      const b = splat(f32.load(p));
      let left = k;
      for (; left >= W; left -= W, x += STRIDE, out += STRIDE) store(out, pmax(add(load(x), b), least));
      if (left > 0) {
        put(out, pmax(add(take(x, left), b), least), left);
        x += (<usize>left) << F32;
        out += (<usize>left) << F32;
      }
    }
  }
}

export function sumAxis1(m: i32, n: i32, x: usize, out: usize): void {
  for (; m > 0; m--, x += (<usize>n) << F32, out += 4) f32.store(out, sum(n, x));
}

/** Four floats, each the `stride`-th (1 or 2) after the one before. */
// @ts-ignore: decorator
@inline function four(stride: i32, p: usize): v128 {
  const x = v128.load(p);
  return stride == 1 ? x : v128.shuffle<f32>(x, v128.load(p + 16), 0, 2, 4, 6);
}

/** The maxInWindow of the four windows whose first is at `corner` of the plane x. */
function maxOfFour(width: i32, kernel: i32, stride: i32, x: usize, corner: i32, indices: usize, out: usize): void {
  const corners = i32x4.add(i32x4.splat(corner), i32x4.mul(i32x4.splat(stride), i32x4(0, 1, 2, 3)));
  let best = corners;
  let value = four(stride, x + ((<usize>corner) << F32));
  for (let ky = 0, line = 0; ky < kernel; ky++, line += width) {
    for (let at = line; at < line + kernel; at++) {
      const v = four(stride, x + ((<usize>(corner + at)) << F32));
      const better = v128.or(f32x4.gt(v, value), f32x4.ne(v, v));
      value = v128.bitselect(v, value, better);
      best = v128.bitselect(i32x4.add(corners, i32x4.splat(at)), best, better);
    }
  }
  v128.store(indices, best);
  v128.store(out, value);
}

/** The maxInWindow of one window. */
function maxInWindow(width: i32, kernel: i32, x: usize, corner: i32, indices: usize, out: usize): void {
  let best = corner;
  let value = f32.load(x + ((<usize>corner) << F32));
  for (let ky = 0, line = corner; ky < kernel; ky++, line += width) {
    for (let at = line; at < line + kernel; at++) {
      const v = f32.load(x + ((<usize>at) << F32));
      const better = i32(v > value) | i32(v != v);
      value = select<f32>(v, value, better);
      best = select<i32>(at, best, better);
    }
  }
  i32.store(indices, best);
  f32.store(out, value);
}

export function maxPool(planes: i32, height: i32, width: i32, kernel: i32, stride: i32, x: usize, indices: usize, out: usize): void {
  const rows = placesOf(height, kernel, stride, 0);
  const columns = placesOf(width, kernel, stride, 0);
  for (; planes > 0; planes--, x += (<usize>(height * width)) << F32) {
    for (let row = 0; row < rows; row++) {
      let column = 0;
      let corner = row * stride * width;
      if (ASC_FEATURE_SIMD && stride <= 2) {
        for (; column + 4 <= columns; column += 4, corner += 4 * stride, indices += 16, out += 16) {
          maxOfFour(width, kernel, stride, x, corner, indices, out);
        }
      }
      for (; column < columns; column++, corner += stride, indices += 4, out += 4) maxInWindow(width, kernel, x, corner, indices, out);
    }
  }
}

export function maxPoolBackward(
  planes: i32, height: i32, width: i32, kernel: i32, stride: i32, indices: usize, dy: usize, dx: usize,
): void {
  const places = placesOf(height, kernel, stride, 0) * placesOf(width, kernel, stride, 0);
  const plane = (<usize>(height * width)) << F32;
  memory.fill(dx, 0, <usize>planes * plane);
  for (; planes > 0; planes--, dx += plane) {
    for (let i = 0; i < places; i++, indices += 4, dy += 4) {
      const at = dx + ((<usize>i32.load(indices)) << F32);
      f32.store(at, f32.load(at) + f32.load(dy));
    }
  }
}
