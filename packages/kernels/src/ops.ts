// The declaration of every op. `assembly/` and `reference/` implement them.
import type { Pointer } from './runtime/memory.ts';

/**
 * The ops of a device. Arguments are sizes, then scalars, inputs, workspaces and outputs.
 * Matrices are row-major. Floats are float32, labels and indices int32, pixels uint8. Scalars are rounded to float32.
 *
 * The order of every sum is part of the definition of an op, so that all variants give the same bits:
 * a *chain* starts at +0 and adds its terms one at a time in ascending order;
 * *four lanes* add term i to lane i mod 4, each a chain, and return (l0 + l1) + (l2 + l3);
 * *blocks* are chains of four terms in float32, whose results are added in float64 and rounded once.
 * The last output may be the same array as an elementwise input. Outputs must not overlap otherwise.
 */
// biome-ignore format: sizes and scalars on one line, pointers on the next
export interface Kernels {
  // Matrix products. Each element is a chain of rounded products over k.

  /** out (M,N) = a (M,K) · b (K,N). */
  matmul(m: number, n: number, k: number, a: Pointer, b: Pointer, out: Pointer): void;
  /** out (M,N) = aᵀ · b, with a (K,M) and b (K,N). */
  matmulTN(m: number, n: number, k: number, a: Pointer, b: Pointer, out: Pointer): void;
  /** out (M,N) = a · bᵀ, with a (M,K), b (N,K) and a workspace of K·N floats. */
  matmulNT(m: number, n: number, k: number, a: Pointer, b: Pointer, workspace: Pointer, out: Pointer): void;
  /** out (M,N) += a · bᵀ: the chains of `matmulNT`, which start at the values of out. */
  addMatmulNT(m: number, n: number, k: number, a: Pointer, b: Pointer, workspace: Pointer, out: Pointer): void;
  /** out (M,N) = x (M,K) · w (K,N) + bias (N), bias added last, then ReLU if `relu` is 1. */
  linear(m: number, n: number, k: number, relu: number, x: Pointer, w: Pointer, bias: Pointer, out: Pointer): void;
  /** out (M,N) = x (M,N) + bias (N), added to every row. */
  addBias(m: number, n: number, x: Pointer, bias: Pointer, out: Pointer): void;
  /** out (N,M) = xᵀ, with x (M,N). */
  transpose(m: number, n: number, x: Pointer, out: Pointer): void;

  // Sparse products, which skip zeros. A list has a count and entries in ascending order: an index (int32) and a value
  // (float32). Lists are `capacity` entries apart; entries after the count are unspecified. Sums have the bits of the
  // dense products, except that a zero times ∞ or NaN adds nothing.

  /** counts (M), entries (M,N): the non-zeros of each row of x (M,N). Returns their total number. */
  compressRows(m: number, n: number, x: Pointer, counts: Pointer, entries: Pointer): number;
  /** `compressRows` of the rows table[rows[i], :] ÷ divisor, with a table of uint8. */
  compressBytes(
    m: number, n: number, divisor: number,
    table: Pointer, rows: Pointer, counts: Pointer, entries: Pointer,
  ): number;
  /** Converts the lists of the rows of an (M,N) matrix (capacity N) to lists of its columns (N lists, capacity ≥ M). */
  compressColumns(
    m: number, n: number, capacity: number,
    counts: Pointer, entries: Pointer, columnCounts: Pointer, columnEntries: Pointer,
  ): void;
  /** out (M,N): row i is Σ value · b[index, :] over list i. */
  sparseMatmul(
    m: number, n: number, capacity: number,
    counts: Pointer, entries: Pointer, b: Pointer, out: Pointer,
  ): void;
  /** `sparseMatmul` plus bias (N), bias added last, then ReLU if `relu` is 1. */
  sparseLinear(
    m: number, n: number, capacity: number, relu: number,
    counts: Pointer, entries: Pointer, w: Pointer, bias: Pointer, out: Pointer,
  ): void;

  // Elementwise ops on n elements.

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
  /** out = alpha × x. */
  scale(n: number, alpha: number, x: Pointer, out: Pointer): void;
  /** out = alpha × x + y, with the product rounded before the sum. out may be y. */
  axpy(n: number, alpha: number, x: Pointer, y: Pointer, out: Pointer): void;
  /** out = low where x < low, high where x > high, else x, also if x is NaN. low ≤ high. */
  clamp(n: number, low: number, high: number, x: Pointer, out: Pointer): void;
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
  /** Σ x as a float64: four lanes of float64, added in order. */
  wideSum(n: number, x: Pointer): number;
  /** Σ x² in four lanes. */
  sumSquares(n: number, x: Pointer): number;
  /** Σ x² as a float64: four lanes of float64, added in order. Squares of finite x neither overflow nor underflow. */
  wideSumSquares(n: number, x: Pointer): number;
  /** The maximum of x, a zero as +0; −∞ if n is 0, NaN if any x is NaN. */
  max(n: number, x: Pointer): number;
  /** out (N): the sum of each column of x (M,N), a chain over the rows, or blocks if there are more than 1024 rows. */
  sumAxis0(m: number, n: number, x: Pointer, out: Pointer): void;
  /** out (M) int32: the first index of each row's maximum, −1 if the row has a NaN. n ≥ 1. */
  argmaxRows(m: number, n: number, x: Pointer, out: Pointer): void;
  /** The number of elements (int32) at which a and b are equal. */
  countEqual(n: number, a: Pointer, b: Pointer): number;
  /** The first index at which x is NaN or ±∞; −1 if there is none. */
  firstNonFinite(n: number, x: Pointer): number;

  // Normalization. Means and variances are computed in float64 and rounded once. `residual` is the rounding error of a
  // mean. Sums of gradients are blocks.

  /**
   * For each column of x (M,N): mean = Σ x ÷ m, residual = Σ x ÷ m − mean, variance = Σ (x − mean)² ÷ m and
   * inverse = 1 ÷ √(variance + eps), each (N). Sums are chains of float64 over the rows.
   */
  moments(
    m: number, n: number, eps: number,
    x: Pointer, mean: Pointer, residual: Pointer, variance: Pointer, inverse: Pointer,
  ): void;
  /** out (n) = 1 ÷ √(variance + eps), rounded once: the `inverse` of `batchNorm` for a running variance. */
  inverseStd(n: number, eps: number, variance: Pointer, out: Pointer): void;
  /** running (n) = (1 − momentum) × running + momentum × factor × batch, rounded once. Both scalars are float64. */
  updateRunning(n: number, momentum: number, factor: number, batch: Pointer, running: Pointer): void;
  /**
   * out (M,N) = (x − mean) × scale + (β − residual × scale), with scale = γ × inverse, then ReLU if `relu` is 1.
   * The other inputs are (N). The pointer `residual` may be 0: then there is no residual.
   */
  batchNorm(
    m: number, n: number, relu: number,
    x: Pointer, mean: Pointer, residual: Pointer, inverse: Pointer, gamma: Pointer, beta: Pointer, out: Pointer,
  ): void;
  /**
   * dβ = Σ dy, dγ = inverse × (Σ dy × (x − mean) − residual × Σ dy), sums in blocks over the rows, and
   * dx = γ × inverse × ((dy − b) − (x − mean) × c). If mean and inverse are statistics of x, `batch` is 1,
   * c = dγ × inverse ÷ m and b = Σ dy ÷ m − residual × c. Else b = c = 0.
   */
  batchNormBackward(
    m: number, n: number, batch: number,
    x: Pointer, mean: Pointer, residual: Pointer, inverse: Pointer, gamma: Pointer, dy: Pointer, dGamma: Pointer,
    dBeta: Pointer, dx: Pointer,
  ): void;

  /**
   * For each row of x (M,N): mean, residual and inverse (M) as in `moments`, sums in four lanes of float64, in order.
   * out (M,N) = x̂ × γ + β, with x̂ = ((x − mean) − residual) × inverse and γ, β (N), then ReLU if `relu` is 1.
   */
  layerNorm(
    m: number, n: number, relu: number, eps: number,
    x: Pointer, gamma: Pointer, beta: Pointer, mean: Pointer, residual: Pointer, inverse: Pointer, out: Pointer,
  ): void;
  /**
   * dβ (N) = Σ dy and dγ (N) = Σ dy × x̂, in blocks over the rows. dx = inverse × ((dy × γ − a) − x̂ × c), with
   * a = Σ dy × γ ÷ n and c = Σ dy × γ × x̂ ÷ n over the row: four lanes of blocks, added in order, rounded once.
   */
  layerNormBackward(
    m: number, n: number,
    x: Pointer, mean: Pointer, residual: Pointer, inverse: Pointer, gamma: Pointer, dy: Pointer, dGamma: Pointer,
    dBeta: Pointer, dx: Pointer,
  ): void;

  // Images (B,C,H,W). A window of `kernel` × `kernel` has OH × OW positions on one, `stride` apart, from −padding on.

  /** out (C·kernel²,B·OH·OW): the element of x under each window element at each position, +0 in the padding. */
  im2col(
    batch: number, channels: number, height: number, width: number, kernel: number, stride: number, padding: number,
    x: Pointer, out: Pointer,
  ): void;
  /** out (B,C,H,W): the transpose of `im2col`. Each element is a chain over the window, x is (C·kernel²,B·OH·OW). */
  col2im(
    batch: number, channels: number, height: number, width: number, kernel: number, stride: number, padding: number,
    x: Pointer, out: Pointer,
  ): void;
  /** out (M,N,K) = x (M,N,K) + bias (N), then ReLU if `relu` is 1. */
  channelBias(m: number, n: number, k: number, relu: number, x: Pointer, bias: Pointer, out: Pointer): void;
  /** out (M): the sum of each row of x (M,N), in four lanes. */
  sumAxis1(m: number, n: number, x: Pointer, out: Pointer): void;
  /**
   * out (planes,OH,OW): the maximum of each window of x (planes,H,W). indices (int32): its index in the plane, the
   * first of equal maxima or the last NaN.
   */
  maxPool(
    planes: number, height: number, width: number, kernel: number, stride: number,
    x: Pointer, indices: Pointer, out: Pointer,
  ): void;
  /** dx (planes,H,W): each element is the chain of all dy (planes,OH,OW) with its index. */
  maxPoolBackward(
    planes: number, height: number, width: number, kernel: number, stride: number,
    indices: Pointer, dy: Pointer, dx: Pointer,
  ): void;

  // GELU of n elements: x × Φ(x) with Φ = ½ (1 + erf(x ÷ √2)). If `tanh` is 1,
  // Φ = ½ (1 + tanh(√(2 ÷ π) (x + 0.044715 x³))).

  /** out = x × Φ. */
  gelu(n: number, tanh: number, x: Pointer, out: Pointer): void;
  /** dx = dy × (Φ + x × Φ′). */
  geluBackward(n: number, tanh: number, x: Pointer, dy: Pointer, dx: Pointer): void;

  /** out (N,M,K) = x (M,N,K) with its first two axes swapped. */
  swapAxes(m: number, n: number, k: number, x: Pointer, out: Pointer): void;

  /** out (n) = +0 where u < p, else `value`, with u as in `randomUniform` from 0 to 1. */
  dropoutMask(n: number, seed: number, stream: number, step: number, p: number, value: number, out: Pointer): void;

  // Losses.

  /**
   * probabilities p (M,N) = softmax(x), losses (M) = −log p[label]. Per row: maximum, e = exp(x − maximum), s = Σ e in
   * four lanes (of float64 if n > 16), p = e ÷ s, loss = log s − (x[label] − maximum).
   */
  softmaxCrossEntropy(m: number, n: number, x: Pointer, labels: Pointer, probabilities: Pointer, losses: Pointer): void;
  /** dx (M,N) = (p − oneHot(label)) ÷ m, the gradient of the mean loss. */
  softmaxCrossEntropyBackward(m: number, n: number, probabilities: Pointer, labels: Pointer, dx: Pointer): void;
  /**
   * `softmaxCrossEntropy` for targets t (M,N) of at least 0: loss = Σ t × (log s − (x − maximum)) over t ≠ 0, a chain
   * in float64, rounded once.
   */
  softCrossEntropy(m: number, n: number, x: Pointer, targets: Pointer, probabilities: Pointer, losses: Pointer): void;
  /** dx (M,N) = (p × Σ t − t) × gradient (M) in float64, rounded once; 0 if Σ t is 0. */
  softCrossEntropyBackward(
    m: number, n: number,
    probabilities: Pointer, targets: Pointer, gradients: Pointer, dx: Pointer,
  ): void;
  /** out = (a − b)². */
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
  /** out (n) = low + (high − low) × u, with u in [0, 1) a multiple of 2⁻²⁴. */
  randomUniform(n: number, seed: number, stream: number, step: number, low: number, high: number, out: Pointer): void;
  /** out (n) = mean + std × z, z = √2 erf⁻¹((2s + 1) ÷ 2²⁴) and s = the word >> 8 (Giles 2010). */
  randomNormal(n: number, seed: number, stream: number, step: number, mean: number, std: number, out: Pointer): void;
  /** out (n) int32 in [0, bound): ⌊word × bound ÷ 2³²⌋; 1 ≤ bound ≤ 2²⁰. */
  randomIntegers(n: number, seed: number, stream: number, step: number, bound: number, out: Pointer): void;

  // Update rules for n parameters w with gradients g, where g′ = g + weightDecay × w (coupled decay).
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
    n: number, lr: number, alpha: number, eps: number, weightDecay: number,
    g: Pointer, w: Pointer, s: Pointer,
  ): number;
  /**
   * m ← β₁m + (1 − β₁)g′, v ← β₂v + (1 − β₂)g′², w ← w − stepSize·m ÷ (√v × vHatScale + eps). The bias correction of
   * Adam is stepSize = lr ÷ (1 − β₁ᵗ) and vHatScale = 1 ÷ √(1 − β₂ᵗ).
   */
  adam(
    n: number, stepSize: number, beta1: number, beta2: number, vHatScale: number, eps: number, weightDecay: number,
    g: Pointer, w: Pointer, m: Pointer, v: Pointer,
  ): number;
  /** `adam` with g′ = g, after w ← w × decayFactor (decoupled decay: decayFactor = 1 − lr·weightDecay). */
  adamw(
    n: number, stepSize: number, beta1: number, beta2: number, vHatScale: number, eps: number, decayFactor: number,
    g: Pointer, w: Pointer, m: Pointer, v: Pointer,
  ): number;
  /**
   * `adam` (with decayFactor = 1) or `adamw` (with weightDecay = 0), with √vMax instead of √v, where vMax is the
   * elementwise maximum of all v (Reddi et al. 2018). g′ is computed before w is multiplied by decayFactor.
   */
  amsgrad(
    n: number, stepSize: number, beta1: number, beta2: number, vHatScale: number, eps: number, weightDecay: number,
    decayFactor: number,
    g: Pointer, w: Pointer, m: Pointer, v: Pointer, vMax: Pointer,
  ): number;
}
