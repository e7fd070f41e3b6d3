// The declaration of the ops that only some layers need, with the conventions of `Kernels`.
import type { Pointer } from './runtime/memory.ts';

export interface LayerKernels {
  // Normalization. Means and variances are float64 inside and rounded once; `residual` is what the rounding of the mean left over.
  // Sums of gradients are *blocks*: chains in float32 of four terms, the chains added up in float64, rounded once.

  /**
   * Of each column of x (M,N), with (N) of each: mean = Σ x ÷ m, residual = Σ x ÷ m − mean, variance = Σ (x − mean)² ÷ m and
   * inverse = 1 ÷ √(variance + eps). Sums are chains of float64 down the rows.
   */
  moments(
    m: number,
    n: number,
    eps: number,
    x: Pointer,
    mean: Pointer,
    residual: Pointer,
    variance: Pointer,
    inverse: Pointer,
  ): void;
  /** out (n) = 1 ÷ √(variance + eps), rounded once: the inverse that `batchNorm` takes of a running variance. */
  inverseStd(n: number, eps: number, variance: Pointer, out: Pointer): void;
  /** running (n) = (1 − momentum) × running + momentum × factor × batch, rounded once. Both scalars are float64. */
  updateRunning(n: number, momentum: number, factor: number, batch: Pointer, running: Pointer): void;
  /**
   * out (M,N) = (x − mean) × scale + (β − residual × scale), with scale = γ × inverse and (N) of each; then ReLU if `relu` is 1.
   * A residual of 0 (no pointer) stands for none.
   */
  batchNorm(
    m: number,
    n: number,
    relu: number,
    x: Pointer,
    mean: Pointer,
    residual: Pointer,
    inverse: Pointer,
    gamma: Pointer,
    beta: Pointer,
    out: Pointer,
  ): void;
  /**
   * dβ = Σ dy, dγ = inverse × (Σ dy × (x − mean) − residual × Σ dy), sums in blocks down the rows; dx = γ × inverse × ((dy − b) −
   * (x − mean) × c). Where mean and inverse are those of x, `batch` is 1, c = dγ × inverse ÷ m and b = Σ dy ÷ m − residual × c; else b = c = 0.
   */
  batchNormBackward(
    m: number,
    n: number,
    batch: number,
    x: Pointer,
    mean: Pointer,
    residual: Pointer,
    inverse: Pointer,
    gamma: Pointer,
    dy: Pointer,
    dGamma: Pointer,
    dBeta: Pointer,
    dx: Pointer,
  ): void;

  /**
   * Of each row of x (M,N), with (M) of each: mean, residual and inverse as in `moments`, sums in four lanes of float64, lane 0 to 3
   * added in order. out (M,N) = x̂ × γ + β, with x̂ = ((x − mean) − residual) × inverse and γ, β (N); then ReLU if `relu` is 1.
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
    residual: Pointer,
    inverse: Pointer,
    out: Pointer,
  ): void;
  /**
   * dβ (N) = Σ dy and dγ (N) = Σ dy × x̂, in blocks down the rows. dx = inverse × ((dy × γ − a) − x̂ × c), with a = Σ dy × γ ÷ n and
   * c = Σ dy × γ × x̂ ÷ n over the row, rounded once: four lanes of blocks, lane 0 to 3 added in order.
   */
  layerNormBackward(
    m: number,
    n: number,
    x: Pointer,
    mean: Pointer,
    residual: Pointer,
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
  sumAxis1(m: number, n: number, x: Pointer, out: Pointer): void;
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
