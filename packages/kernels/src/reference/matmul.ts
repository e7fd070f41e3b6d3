// Matrix products in plain TypeScript. The inner loop is a tile of 4 × 4 sums in registers, with strides of a as in
// assembly/matmul.ts.
import type { Kernels } from '../ops.ts';
import type { Pointer, Views } from '../runtime/memory.ts';

const { fround } = Math;

export function matmul(views: Views, { transpose }: Pick<Kernels, 'transpose'>) {
  const product = (m: number, n: number, k: number, a: Pointer, ai: number, ak: number, b: Pointer, out: Pointer) =>
    tiles(views.f32, m, n, k, a >>> 2, ai, ak, b >>> 2, out >>> 2);
  return {
    matmul: (m, n, k, a, b, out) => product(m, n, k, a, k, 1, b, out),
    matmulTN: (m, n, k, a, b, out) => product(m, n, k, a, 1, m, b, out),
    matmulNT: (m, n, k, a, b, workspace, out) => {
      transpose(n, k, b, workspace);
      product(m, n, k, a, k, 1, workspace, out);
    },
    addMatmulNT(m, n, k, a, b, workspace, out) {
      transpose(n, k, b, workspace);
      const { f32 } = views;
      for (let i = 0, q = out >>> 2; i < m; i++) {
        for (let j = 0; j < n; j++, q++) {
          let c = f32[q];
          for (let l = 0, p = (a >>> 2) + i * k, r = (workspace >>> 2) + j; l < k; l++, p++, r += n) {
            c = fround(c + fround(f32[p] * f32[r]));
          }
          f32[q] = c;
        }
      }
    },
    linear(m, n, k, relu, x, w, bias, out) {
      product(m, n, k, x, k, 1, w, out);
      addBiasAndRelu(views.f32, m, n, relu, bias >>> 2, out >>> 2);
    },
    addBias(m, n, x, bias, out) {
      const { f32 } = views;
      for (let i = 0, p = x >>> 2, q = out >>> 2, r = bias >>> 2; i < m; i++, p += n, q += n) {
        for (let j = 0; j < n; j++) f32[q + j] = fround(f32[p + j] + f32[r + j]);
      }
    },
  } satisfies Partial<Kernels>;
}

/** Adds bias (N) to out (M,N), then applies ReLU if `relu` is 1. Offsets count floats. */
export function addBiasAndRelu(f32: Float32Array, m: number, n: number, relu: number, bias: number, out: number): void {
  for (let i = 0, q = out; i < m; i++, q += n) {
    for (let j = 0; j < n; j++) {
      const y = fround(f32[q + j] + f32[bias + j]);
      f32[q + j] = relu !== 0 && y < 0 ? 0 : y;
    }
  }
}

/** Computes out (M,N) = a · b, where element (i, k) of a is at a + i·ai + k·ak. Offsets count floats. */
function tiles(
  f32: Float32Array,
  m: number,
  n: number,
  k: number,
  a: number,
  ai: number,
  ak: number,
  b: number,
  out: number,
): void {
  const m4 = m & ~3;
  const n4 = n & ~3;
  for (let i = 0; i < m4; i += 4) {
    for (let j = 0; j < n4; j += 4) tile(f32, n, k, a + i * ai, ai, ak, b + j, out + i * n + j);
  }
  for (let i = 0; i < m; i++) {
    for (let j = i < m4 ? n4 : 0; j < n; j++) {
      let c = 0;
      for (let l = 0, p = a + i * ai, q = b + j; l < k; l++, p += ak, q += n) c = fround(c + fround(f32[p] * f32[q]));
      f32[out + i * n + j] = c;
    }
  }
}

function tile(f32: Float32Array, n: number, k: number, a: number, ai: number, ak: number, b: number, to: number): void {
  let c00 = 0,
    c01 = 0,
    c02 = 0,
    c03 = 0;
  let c10 = 0,
    c11 = 0,
    c12 = 0,
    c13 = 0;
  let c20 = 0,
    c21 = 0,
    c22 = 0,
    c23 = 0;
  let c30 = 0,
    c31 = 0,
    c32 = 0,
    c33 = 0;
  const [a1, a2, a3] = [a + ai, a + 2 * ai, a + 3 * ai];
  for (let l = 0, o = 0; l < k; l++, o += ak, b += n) {
    const b0 = f32[b];
    const b1 = f32[b + 1];
    const b2 = f32[b + 2];
    const b3 = f32[b + 3];
    const x0 = f32[a + o];
    c00 = fround(c00 + fround(x0 * b0));
    c01 = fround(c01 + fround(x0 * b1));
    c02 = fround(c02 + fround(x0 * b2));
    c03 = fround(c03 + fround(x0 * b3));
    const x1 = f32[a1 + o];
    c10 = fround(c10 + fround(x1 * b0));
    c11 = fround(c11 + fround(x1 * b1));
    c12 = fround(c12 + fround(x1 * b2));
    c13 = fround(c13 + fround(x1 * b3));
    const x2 = f32[a2 + o];
    c20 = fround(c20 + fround(x2 * b0));
    c21 = fround(c21 + fround(x2 * b1));
    c22 = fround(c22 + fround(x2 * b2));
    c23 = fround(c23 + fround(x2 * b3));
    const x3 = f32[a3 + o];
    c30 = fround(c30 + fround(x3 * b0));
    c31 = fround(c31 + fround(x3 * b1));
    c32 = fround(c32 + fround(x3 * b2));
    c33 = fround(c33 + fround(x3 * b3));
  }
  store4(f32, to, c00, c01, c02, c03);
  to += n;
  store4(f32, to, c10, c11, c12, c13);
  to += n;
  store4(f32, to, c20, c21, c22, c23);
  to += n;
  store4(f32, to, c30, c31, c32, c33);
}

function store4(f32: Float32Array, at: number, x0: number, x1: number, x2: number, x3: number): void {
  f32[at] = x0;
  f32[at + 1] = x1;
  f32[at + 2] = x2;
  f32[at + 3] = x3;
}
