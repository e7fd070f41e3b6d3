// The declaration of every op. `assembly/` and `reference/` both implement it.
import type { Pointer } from './runtime/memory.ts';

/**
 * Every operation that produces a number. Arguments are sizes, then scalars, then inputs, then workspaces, then outputs.
 * Matrices are row-major; floats are float32, labels and indices int32, pixels uint8. Scalars are rounded to float32 first.
 *
 * The order of every sum is part of its definition, so that all deterministic variants give the same bits:
 * a *chain* starts at +0 and adds its terms one at a time in ascending order;
 * *four lanes* add term i to lane i mod 4 (each a chain), folded as (l0 + l1) + (l2 + l3).
 * The last output may be the same array as an elementwise input; outputs must not otherwise overlap.
 */
export interface Kernels {
  // Matrices. Each element is a chain over k of rounded products.

  /** out (M,N) = a (M,K) · b (K,N). */
  matmul(m: number, n: number, k: number, a: Pointer, b: Pointer, out: Pointer): void;
  /** out (M,N) = aᵀ · b, with a (K,M) and b (K,N). */
  matmulTN(m: number, n: number, k: number, a: Pointer, b: Pointer, out: Pointer): void;
  /** out (M,N) = a · bᵀ, with a (M,K), b (N,K) and a workspace of K·N floats. */
  matmulNT(m: number, n: number, k: number, a: Pointer, b: Pointer, workspace: Pointer, out: Pointer): void;
  /** out (M,N) += a · bᵀ: the chains of `matmulNT`, going on from what is there. */
  addMatmulNT(m: number, n: number, k: number, a: Pointer, b: Pointer, workspace: Pointer, out: Pointer): void;
  /** out (M,N) = x (M,K) · w (K,N) + bias (N), bias added last; then ReLU if `relu` is 1. */
  linear(m: number, n: number, k: number, relu: number, x: Pointer, w: Pointer, bias: Pointer, out: Pointer): void;
  /** out (M,N) = x (M,N) + bias (N) on every row. */
  addBias(m: number, n: number, x: Pointer, bias: Pointer, out: Pointer): void;
  /** out (N,M) = xᵀ, with x (M,N). */
  transpose(m: number, n: number, x: Pointer, out: Pointer): void;

  // Products that pass over zeros. A list is a count and, `capacity` entries after the list before it, entries in ascending
  // order: an index (int32), then a value (float32). What lies beyond a list's count is unspecified.
  // A zero contributes nothing, even against ∞ or NaN; else the sums are the chains of the dense products, bit for bit.

  /** counts (M), entries (M,N): the non-zeros of each row of x (M,N). Returns how many in all. */
  compressRows(m: number, n: number, x: Pointer, counts: Pointer, entries: Pointer): number;
  /** The same of rows table[rows[i], :] ÷ divisor, with a table of uint8. */
  compressBytes(
    m: number,
    n: number,
    divisor: number,
    table: Pointer,
    rows: Pointer,
    counts: Pointer,
    entries: Pointer,
  ): number;
  /** From the lists of the rows of an (M,N) matrix (capacity N) those of its columns: N lists, capacity ≥ M. */
  compressColumns(
    m: number,
    n: number,
    capacity: number,
    counts: Pointer,
    entries: Pointer,
    columnCounts: Pointer,
    columnEntries: Pointer,
  ): void;
  /** out (M,N): row i is Σ value · b[index, :] over list i of M. */
  sparseMatmul(
    m: number,
    n: number,
    capacity: number,
    counts: Pointer,
    entries: Pointer,
    b: Pointer,
    out: Pointer,
  ): void;
  /** The same plus bias (N), bias added last; then ReLU if `relu` is 1. */
  sparseLinear(
    m: number,
    n: number,
    capacity: number,
    relu: number,
    counts: Pointer,
    entries: Pointer,
    w: Pointer,
    bias: Pointer,
    out: Pointer,
  ): void;

  // Elementwise, n elements.

  /** out = value. */
  fill(n: number, value: number, out: Pointer): void;
  /** out = x. */
  copy(n: number, x: Pointer, out: Pointer): void;
  /** out = a + b. */
  add(n: number, a: Pointer, b: Pointer, out: Pointer): void;
  /** out = a − b. */
  sub(n: number, a: Pointer, b: Pointer, out: Pointer): void;
  /** out = a × b. */
  mul(n: number, a: Pointer, b: Pointer, out: Pointer): void;
  /** out = a ÷ b. */
  div(n: number, a: Pointer, b: Pointer, out: Pointer): void;
  /** out = alpha × x. */
  scale(n: number, alpha: number, x: Pointer, out: Pointer): void;
  /** out = alpha × x + y, product rounded before the sum; out may be y. */
  axpy(n: number, alpha: number, x: Pointer, y: Pointer, out: Pointer): void;
  /** out = low where x < low, high where x > high, else x; a NaN stays one. low ≤ high. */
  clamp(n: number, low: number, high: number, x: Pointer, out: Pointer): void;
  /** out = √x, correctly rounded. */
  sqrt(n: number, x: Pointer, out: Pointer): void;
  /** out = eˣ. */
  exp(n: number, x: Pointer, out: Pointer): void;
  /** out = natural logarithm of x. */
  log(n: number, x: Pointer, out: Pointer): void;
  /** out = hyperbolic tangent of x. */
  tanh(n: number, x: Pointer, out: Pointer): void;
  /** out = 1 ÷ (1 + e⁻ˣ). */
  sigmoid(n: number, x: Pointer, out: Pointer): void;
  /** out = x where x ≥ 0 or x is NaN, else +0. */
  relu(n: number, x: Pointer, out: Pointer): void;
  /** dx = dy × y × (1 − y), with y = sigmoid(x). */
  sigmoidBackward(n: number, y: Pointer, dy: Pointer, dx: Pointer): void;
  /** dx = dy × (1 − y²), with y = tanh(x). */
  tanhBackward(n: number, y: Pointer, dy: Pointer, dx: Pointer): void;
  /** dx = dy where y > 0 or y is NaN, else +0, with y = relu(x). */
  reluBackward(n: number, y: Pointer, dy: Pointer, dx: Pointer): void;

  // Reductions.

  /** Σ x in four lanes. */
  sum(n: number, x: Pointer): number;
  /** Σ x in four lanes of float64, lane 0 to 3 added in order: a float64. */
  wideSum(n: number, x: Pointer): number;
  /** Σ x² in four lanes. */
  sumSquares(n: number, x: Pointer): number;
  /** Σ x² as a float64, in four lanes of float64: the squares of finite x neither overflow nor underflow. */
  wideSumSquares(n: number, x: Pointer): number;
  /** The greatest of x, a zero as +0; −∞ if n is 0, NaN if any x is NaN. */
  max(n: number, x: Pointer): number;
  /**
   * out (N): the sum of each column of x (M,N), a chain down the rows. Of more than 1024 rows blocks: chains in float32 of four terms, the
   * chains added up in float64, rounded once.
   */
  sumAxis0(m: number, n: number, x: Pointer, out: Pointer): void;
  /** out (M) int32: the first index of each row's greatest element, −1 where the row has a NaN. n ≥ 1. */
  argmaxRows(m: number, n: number, x: Pointer, out: Pointer): void;
  /** How many int32 of a equal those of b. */
  countEqual(n: number, a: Pointer, b: Pointer): number;
  /** The first index at which x is NaN or ±∞, or −1. */
  firstNonFinite(n: number, x: Pointer): number;

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

  // Losses.

  /**
   * Row by row: p = softmax(x) into probabilities (M,N) and −log p[label] into losses (M).
   * Per row: greatest element, e = exp(x − greatest), s = Σ e in four lanes (of float64 where n > 16), p = e ÷ s, loss = log s − (x[label] − greatest).
   */
  softmaxCrossEntropy(m: number, n: number, x: Pointer, labels: Pointer, probabilities: Pointer, losses: Pointer): void;
  /** dx (M,N) = (p − oneHot(label)) ÷ m, the gradient of the mean loss. */
  softmaxCrossEntropyBackward(m: number, n: number, probabilities: Pointer, labels: Pointer, dx: Pointer): void;
  /** The same for targets t (M,N) of 0 or more: loss = Σ t × (log s − (x − greatest)) where t is not 0, a chain in float64, rounded once. */
  softCrossEntropy(m: number, n: number, x: Pointer, targets: Pointer, probabilities: Pointer, losses: Pointer): void;
  /** dx (M,N) = (p × Σ t − t) × gradient (M) of the row's loss, in float64, rounded once; 0 where Σ t is 0, whatever p is. */
  softCrossEntropyBackward(m: number, n: number, p: Pointer, targets: Pointer, gradients: Pointer, dx: Pointer): void;
  /** out = (a − b)², the terms of a squared error. */
  squaredError(n: number, a: Pointer, b: Pointer, out: Pointer): void;
  /** dx = (a − b) × alpha. */
  squaredErrorBackward(n: number, alpha: number, a: Pointer, b: Pointer, dx: Pointer): void;

  // Data.

  /** out (M,N) = table[indices[i], :] ÷ divisor, with a table of uint8. */
  gatherBytes(m: number, n: number, divisor: number, table: Pointer, indices: Pointer, out: Pointer): void;
  /** out (M,N) = table[indices[i], :], with a table of float32 (or int32). */
  gatherRows(m: number, n: number, table: Pointer, indices: Pointer, out: Pointer): void;
  /** out (M) int32 = table[indices[i]], with a table of uint8. */
  gatherLabels(m: number, table: Pointer, indices: Pointer, out: Pointer): void;

  // Random numbers: Threefry-2x32 with 20 rounds (Salmon et al. 2011), key (seed, stream).
  // Element i is word (i mod 8 ≥ 4) of the counter (4⌊i/8⌋ + i mod 4, step).

  /** out (n) uint32: the raw words. */
  randomBits(n: number, seed: number, stream: number, step: number, out: Pointer): void;
  /** out (n) = low + (high − low) × u, with u in [0, 1) on a grid of 2⁻²⁴. */
  randomUniform(n: number, seed: number, stream: number, step: number, low: number, high: number, out: Pointer): void;
  /** out (n) = mean + std × z, with z normal: √2 erf⁻¹((2s + 1) ÷ 2²⁴), s the word's upper 24 bits as a signed number (Giles 2010). */
  randomNormal(n: number, seed: number, stream: number, step: number, mean: number, std: number, out: Pointer): void;
  /** out (n) int32 in [0, bound): ⌊word × bound ÷ 2³²⌋; 1 ≤ bound ≤ 2²⁰. */
  randomIntegers(n: number, seed: number, stream: number, step: number, bound: number, out: Pointer): void;

  // Update rules: one pass over a block of n parameters w with gradients g. g′ = g + weightDecay × w (coupled decay).
  // They return 1 if every updated parameter is finite, else 0.

  /** w ← w − lr·g′. */
  sgd(n: number, lr: number, weightDecay: number, g: Pointer, w: Pointer): number;
  /** v ← μv + g′, w ← w − lr·v. */
  momentum(n: number, lr: number, mu: number, weightDecay: number, g: Pointer, w: Pointer, v: Pointer): number;
  /** v ← μv + g′, w ← w − lr·(g′ + μv). */
  nesterov(n: number, lr: number, mu: number, weightDecay: number, g: Pointer, w: Pointer, v: Pointer): number;
  /** h ← h + g′², w ← w − lr·g′ ÷ (√h + eps). */
  adagrad(n: number, lr: number, eps: number, weightDecay: number, g: Pointer, w: Pointer, h: Pointer): number;
  /** s ← αs + (1 − α)g′², w ← w − lr·g′ ÷ (√s + eps). */
  rmsprop(
    n: number,
    lr: number,
    alpha: number,
    eps: number,
    weightDecay: number,
    g: Pointer,
    w: Pointer,
    s: Pointer,
  ): number;
  /** m ← β₁m + (1 − β₁)g′, v ← β₂v + (1 − β₂)g′², w ← w − stepSize·m ÷ (√v × rescale + eps); Adam's m̂ and v̂ have stepSize = lr ÷ (1 − β₁ᵗ), rescale = 1 ÷ √(1 − β₂ᵗ). */
  adam(
    n: number,
    stepSize: number,
    beta1: number,
    beta2: number,
    rescale: number,
    eps: number,
    weightDecay: number,
    g: Pointer,
    w: Pointer,
    m: Pointer,
    v: Pointer,
  ): number;
  /** adam without g′, after w ← w × shrink (decoupled decay; shrink = 1 − lr·weightDecay). */
  adamw(
    n: number,
    stepSize: number,
    beta1: number,
    beta2: number,
    rescale: number,
    eps: number,
    shrink: number,
    g: Pointer,
    w: Pointer,
    m: Pointer,
    v: Pointer,
  ): number;
  /**
   * adam with shrink = 1, or adamw with weightDecay = 0, where √vMax takes the place of √v: vMax ← v where vMax < v (Reddi et al. 2018).
   * g′ is of w before it shrinks.
   */
  amsgrad(
    n: number,
    stepSize: number,
    beta1: number,
    beta2: number,
    rescale: number,
    eps: number,
    weightDecay: number,
    shrink: number,
    g: Pointer,
    w: Pointer,
    m: Pointer,
    v: Pointer,
    vMax: Pointer,
  ): number;
}
