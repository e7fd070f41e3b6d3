// Convolution as a matrix product, and pooling, in plain TypeScript.
import type { Kernels } from '../ops.ts';
import type { Views } from '../runtime/memory.ts';
import { sum } from './reduce.ts';

const { fround } = Math;

/** Returns the number of positions of a window along an axis. */
function countPositions(size: number, kernel: number, stride: number, padding = 0): number {
  return Math.max(0, Math.floor((size + 2 * padding - kernel) / stride) + 1);
}

/** Calls `visit` for each element of each window with its index in the images (−1: in the padding) and the matrix. */
function visitWindows(
  [batch, channels, height, width, kernel, stride, padding]: readonly number[] & { length: 7 },
  visit: (imageIndex: number, matrixIndex: number) => void,
): void {
  const [rows, columns] = [
    countPositions(height, kernel, stride, padding),
    countPositions(width, kernel, stride, padding),
  ];
  let at = 0;
  for (let row = 0; row < channels * kernel * kernel; row++) {
    const channel = Math.floor(row / (kernel * kernel));
    const [ky, kx] = [(Math.floor(row / kernel) % kernel) - padding, (row % kernel) - padding];
    for (let b = 0; b < batch; b++) {
      const plane = (b * channels + channel) * height * width;
      for (let i = 0, y = ky; i < rows; i++, y += stride) {
        for (let j = 0, x = kx; j < columns; j++, x += stride, at++) {
          visit(y >= 0 && y < height && x >= 0 && x < width ? plane + y * width + x : -1, at);
        }
      }
    }
  }
}

export function conv(views: Views) {
  return {
    im2col(batch, channels, height, width, kernel, stride, padding, x, out) {
      const { f32 } = views;
      const [p, q] = [x >>> 2, out >>> 2];
      visitWindows([batch, channels, height, width, kernel, stride, padding], (from, to) => {
        f32[q + to] = from < 0 ? 0 : f32[p + from];
      });
    },
    col2im(batch, channels, height, width, kernel, stride, padding, x, out) {
      const { f32 } = views;
      const [p, q] = [x >>> 2, out >>> 2];
      f32.fill(0, q, q + batch * channels * height * width);
      visitWindows([batch, channels, height, width, kernel, stride, padding], (to, from) => {
        if (to >= 0) f32[q + to] = fround(f32[q + to] + f32[p + from]);
      });
    },
    channelBias(m, n, k, relu, x, bias, out) {
      const { f32 } = views;
      for (let i = 0, p = x >>> 2, q = out >>> 2; i < m * n; i++) {
        const b = f32[(bias >>> 2) + (i % n)];
        for (let j = 0; j < k; j++, p++, q++) {
          const y = fround(f32[p] + b);
          f32[q] = relu !== 0 && y < 0 ? 0 : y;
        }
      }
    },
    sumAxis1(m, n, x, out) {
      const { f32 } = views;
      for (let i = 0, p = x >>> 2; i < m; i++, p += n) f32[(out >>> 2) + i] = sum(f32, n, p);
    },
    maxPool(planes, height, width, kernel, stride, x, indices, out) {
      const { f32, i32 } = views;
      const [rows, columns] = [countPositions(height, kernel, stride), countPositions(width, kernel, stride)];
      let to = 0;
      for (let plane = 0, p = x >>> 2; plane < planes; plane++, p += height * width) {
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < columns; j++, to++) {
            const best = argmaxWindow(f32, p, (i * width + j) * stride, width, kernel);
            i32[(indices >>> 2) + to] = best;
            f32[(out >>> 2) + to] = f32[p + best];
          }
        }
      }
    },
    maxPoolBackward(planes, height, width, kernel, stride, indices, dy, dx) {
      const { f32, i32 } = views;
      const positions = countPositions(height, kernel, stride) * countPositions(width, kernel, stride);
      f32.fill(0, dx >>> 2, (dx >>> 2) + planes * height * width);
      for (let plane = 0, q = dx >>> 2, from = 0; plane < planes; plane++, q += height * width) {
        for (let i = 0; i < positions; i++, from++) {
          const at = q + i32[(indices >>> 2) + from];
          f32[at] = fround(f32[at] + f32[(dy >>> 2) + from]);
        }
      }
    },
  } satisfies Partial<Kernels>;
}

/** Returns the index, relative to p, of the maximum of the window at `corner`: the first of equals or the last NaN. */
function argmaxWindow(f32: Float32Array, p: number, corner: number, width: number, kernel: number): number {
  let best = corner;
  let value = f32[p + corner];
  for (let ky = 0; ky < kernel; ky++) {
    for (let at = corner + ky * width, end = at + kernel; at < end; at++) {
      const v = f32[p + at];
      if (v > value || Number.isNaN(v)) [value, best] = [v, at];
    }
  }
  return best;
}
