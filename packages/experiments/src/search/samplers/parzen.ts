// Parzen estimator: the density of trials as a mixture with one kernel per trial and one for the prior.
import { type CategoricalDimension, type Dimension, type Point, toAxis } from '../space.ts';
import { cdf, density, quantile } from './normal.ts';

/** A density over points of some dimensions. */
export interface Parzen {
  /** Samples a point. `uniform` returns a number in [0, 1) for each dimension, and without a name one that chooses the kernel. */
  sample(uniform: (name?: string) => number): Point;
  density(point: Point): number;
}

/**
 * Returns the weights of observations, oldest first, and of the prior. The last 25 observations and the prior have equal weights, older
 * observations less. The sum is 1.
 */
export function kernelWeights(observations: number): number[] {
  const older = observations < 25 ? 0 : observations - 25;
  const weights = Array.from({ length: observations }, (_, i) => (i < older ? rampAt(i, older, observations) : 1));
  const sum = weights.reduce((a, b) => a + b, 1);
  return [...weights, 1].map((weight) => weight / sum);
}

/** Rises linearly from 1/n to 1. */
function rampAt(i: number, length: number, n: number): number {
  return length === 1 ? 1 / n : 1 / n + ((1 - 1 / n) * i) / (length - 1);
}

/** Fits a mixture to the points that have a coordinate in every dimension. A kernel is a product over the dimensions. */
export function createParzen(dimensions: readonly Dimension[], points: readonly Point[]): Parzen {
  const observed = points.filter((point) => dimensions.every(({ name }) => name in point));
  const weights = kernelWeights(observed.length);
  const kernels = dimensions.map((dimension) => {
    const coordinates = observed.map((point) => point[dimension.name] as number);
    return dimension.kind === 'categorical'
      ? categoricalKernels(dimension, coordinates)
      : normalKernels(dimension, coordinates);
  });
  const products = new Float64Array(weights.length);
  return {
    sample(uniform) {
      const kernel = choose(weights, uniform());
      return Object.fromEntries(
        dimensions.map(({ name }, i) => [name, (kernels[i] as Kernels).sample(kernel, uniform(name))]),
      );
    },
    density(point) {
      products.set(weights);
      for (const [i, { name }] of dimensions.entries())
        (kernels[i] as Kernels).multiply(products, point[name] as number);
      let sum = 0;
      for (const product of products) sum += product;
      return sum;
    },
  };
}

/** Kernels along one dimension: one per observation, then the prior. */
interface Kernels {
  sample(kernel: number, uniform: number): number;
  /** Multiplies the product of each kernel by its density at a coordinate. */
  multiply(products: Float64Array, coordinate: number): void;
}

/** Creates normal kernels that are truncated at the ends of the axis. */
function normalKernels(dimension: Exclude<Dimension, CategoricalDimension>, coordinates: readonly number[]): Kernels {
  const { low, high, toPosition, toCoordinate } = toAxis(dimension);
  const positions = coordinates.map(toPosition);
  const mu = Float64Array.of(...positions, (low + high) / 2);
  const sigma = Float64Array.of(...kernelWidths(positions, low, high), high - low);
  // Probability below the lower end, and between both ends.
  const below = mu.map((center, i) => cdf((low - center) / (sigma[i] as number)));
  const inside = mu.map((center, i) => cdf((high - center) / (sigma[i] as number)) - (below[i] as number));
  const at = (values: Float64Array, kernel: number) => values[kernel] as number;
  return {
    sample(kernel, uniform) {
      const probability = at(below, kernel) + uniform * at(inside, kernel);
      return toCoordinate(at(mu, kernel) + at(sigma, kernel) * quantile(probability));
    },
    multiply(products, x) {
      // A whole number extends by one half on both sides.
      const [left, right] = dimension.kind === 'int' ? [toPosition(x - 0.5), toPosition(x + 0.5)] : [x, x];
      for (let i = 0; i < products.length; i++) {
        const [center, width] = [at(mu, i), at(sigma, i)];
        const height =
          left < right
            ? Math.max(0, cdf((right - center) / width) - cdf((left - center) / width))
            : density((x - center) / width) / width;
        products[i] = at(products, i) * (height / at(inside, i));
      }
    },
  };
}

/**
 * Returns the width of each kernel: the greater distance to a neighbor. The ends of the axis count as neighbors only for a single
 * observation. Widths are at least the range ÷ min(100, kernels + 1) (Optuna's "magic clip").
 */
export function kernelWidths(positions: readonly number[], low: number, high: number): number[] {
  const order = positions.map((_, i) => i).sort((a, b) => (positions[a] as number) - (positions[b] as number));
  const sorted = [low, ...order.map((i) => positions[i] as number), high];
  const least = (high - low) / Math.min(100, 2 + positions.length);
  const widths: number[] = [];
  for (const [rank, i] of order.entries()) {
    const here = sorted[rank + 1] as number;
    const isOnly = order.length === 1;
    const below = rank > 0 || isOnly ? here - (sorted[rank] as number) : 0;
    const above = rank < order.length - 1 || isOnly ? (sorted[rank + 2] as number) - here : 0;
    widths[i] = Math.min(high - low, Math.max(least, below, above));
  }
  return widths;
}

/** Creates kernels that favor the observed choice; the prior favors none. */
function categoricalKernels({ choices }: CategoricalDimension, observations: readonly number[]): Kernels {
  const base = 1 / (observations.length + 1);
  const probability = (observed: number | undefined, choice: number) =>
    observed === undefined ? 1 / choices.length : ((observed === choice ? 1 : 0) + base) / (1 + base * choices.length);
  const kernels = [...observations, undefined];
  return {
    sample: (kernel, uniform) =>
      choose(
        choices.map((_, choice) => probability(kernels[kernel], choice)),
        uniform,
      ),
    multiply(products, choice) {
      for (const [i, observed] of kernels.entries())
        products[i] = (products[i] as number) * probability(observed, choice);
    },
  };
}

/** Returns the first index at which the cumulative probability exceeds a number in [0, 1). */
function choose(probabilities: readonly number[], uniform: number): number {
  let sum = 0;
  for (let index = 0; index < probabilities.length; index++) {
    sum += probabilities[index] as number;
    if (uniform < sum) return index;
  }
  return probabilities.length - 1;
}
