// The declaration of the ops that only some layers need, with the conventions of `Kernels`.
import type { Pointer } from './memory.ts';

export interface LayerKernels {
  // Normalisation. Sums are chains down the rows, unless stated.

  /** mean (N) = Σ x ÷ m and variance (N) = Σ (x − mean)² ÷ m of each column of x (M,N). */
  moments(m: number, n: number, x: Pointer, mean: Pointer, variance: Pointer): void;
  /** out (M,N) = (x − mean) × (γ ÷ √(variance + eps)) + β, with (N) of each; then ReLU if `relu` is 1. */
  batchNorm(
    m: number,
    n: number,
    relu: number,
    eps: number,
    x: Pointer,
    mean: Pointer,
    variance: Pointer,
    gamma: Pointer,
    beta: Pointer,
    out: Pointer,
  ): void;
  /**
   * dβ = Σ dy, dγ = Σ dy × (x − mean) ÷ r, dx = γ ÷ r × ((dy − b) − (x − mean) × c), with r = √(variance + eps). Where mean and
   * variance are those of x, `batch` is 1, b = dβ ÷ m and c = dγ ÷ r ÷ m; else b = c = 0.
   */
  batchNormBackward(
    m: number,
    n: number,
    batch: number,
    eps: number,
    x: Pointer,
    mean: Pointer,
    variance: Pointer,
    gamma: Pointer,
    dy: Pointer,
    dGamma: Pointer,
    dBeta: Pointer,
    dx: Pointer,
  ): void;

  /**
   * mean (M) = Σ x ÷ n and inverse (M) = 1 ÷ √(Σ (x − mean)² ÷ n + eps) of each row of x (M,N), sums in four lanes;
   * out (M,N) = (x − mean) × inverse × γ + β, with γ, β (N); then ReLU if `relu` is 1.
   */
  layerNorm(
    m: number,
    n: number,
    relu: number,
    eps: number,
    x: Pointer,
    gamma: Pointer,
    beta: Pointer,
    mean: Pointer,
    inverse: Pointer,
    out: Pointer,
  ): void;
  /**
   * dβ (N) = Σ dy, dγ (N) = Σ dy × x̂ over the rows, with x̂ = (x − mean) × inverse. dx = inverse × ((dy × γ − a) − x̂ × c), with
   * a = Σ dy × γ ÷ n and c = Σ dy × γ × x̂ ÷ n over the row, in four lanes.
   */
  layerNormBackward(
    m: number,
    n: number,
    x: Pointer,
    mean: Pointer,
    inverse: Pointer,
    gamma: Pointer,
    dy: Pointer,
    dGamma: Pointer,
    dBeta: Pointer,
    dx: Pointer,
  ): void;

  // Pictures (B,C,H,W). A square window of `kernel` has OH × OW places on one, `stride` apart, from −padding on.

  /** out (C·kernel²,B·OH·OW): for each channel and element (row, column) of the window, what it covers at each place; +0 beside x. */
  im2col(
    batch: number,
    channels: number,
    height: number,
    width: number,
    kernel: number,
    stride: number,
    padding: number,
    x: Pointer,
    out: Pointer,
  ): void;
  /** out (B,C,H,W): each element the chain, over elements of the window, of the terms of x (C·kernel²,B·OH·OW) that cover it. */
  col2im(
    batch: number,
    channels: number,
    height: number,
    width: number,
    kernel: number,
    stride: number,
    padding: number,
    x: Pointer,
    out: Pointer,
  ): void;
  /** out (M,N,K) = x (M,N,K) + bias (N); then ReLU if `relu` is 1. */
  channelBias(m: number, n: number, k: number, relu: number, x: Pointer, bias: Pointer, out: Pointer): void;
  /** out (M): the sum of each row of x (M,N), in four lanes. */
  rowSums(m: number, n: number, x: Pointer, out: Pointer): void;
  /** out (planes,OH,OW): the greatest element of each window of x (planes,H,W), indices int32 where in its plane: the first of equals, the last NaN. */
  maxPool(
    planes: number,
    height: number,
    width: number,
    kernel: number,
    stride: number,
    x: Pointer,
    indices: Pointer,
    out: Pointer,
  ): void;
  /** dx (planes,H,W): each element the chain of those dy (planes,OH,OW) whose index it is. */
  maxPoolBackward(
    planes: number,
    height: number,
    width: number,
    kernel: number,
    stride: number,
    indices: Pointer,
    dy: Pointer,
    dx: Pointer,
  ): void;

  // GELU, n elements: x × Φ(x), with Φ = ½ (1 + erf(x ÷ √2)) or, if `tanh` is 1, ½ (1 + tanh(√(2 ÷ π) (x + 0.044715 x³))).

  /** out = x × Φ. */
  gelu(n: number, tanh: number, x: Pointer, out: Pointer): void;
  /** dx = dy × (Φ + x × Φ′). */
  geluBackward(n: number, tanh: number, x: Pointer, dy: Pointer, dx: Pointer): void;

  // Sequences.

  /** out (N,M,K) = x (M,N,K) with its first two axes swapped. */
  swapAxes(m: number, n: number, k: number, x: Pointer, out: Pointer): void;

  // Dropout.

  /** out (n) = +0 where u < p, else `value`, with u in [0, 1) on a grid of 2⁻²⁴. */
  dropoutMask(n: number, seed: number, stream: number, step: number, p: number, value: number, out: Pointer): void;
}
