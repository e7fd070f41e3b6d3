// How densely trials lie in some dimensions at once: a mixture with one kernel per trial, and one for what was known before any.
import { axisOf, type CategoricalDimension, type Dimension, type Point } from '../space.ts';
import { deviateAt, density as phi, shareBelow } from './normal.ts';

/** A density over points of some dimensions. */
export interface Parzen {
  /** Draws a point. `uniform` gives a number in [0, 1) for each dimension, and without a name one that chooses the kernel. */
  draw(uniform: (name?: string) => number): Point;
  density(point: Point): number;
}

/** Weights by age: all alike up to 24, else the last 25 alike and the older ones less and less; the prior's, 1, comes last. Their sum is 1. */
export function weightsOf(observations: number): number[] {
  const older = observations < 25 ? 0 : observations - 25;
  const weights = Array.from({ length: observations }, (_, i) => (i < older ? rampAt(i, older, observations) : 1));
  const sum = weights.reduce((a, b) => a + b, 1);
  return [...weights, 1].map((weight) => weight / sum);
}

/** From 1/n up to 1. */
function rampAt(i: number, length: number, n: number): number {
  return length === 1 ? 1 / n : 1 / n + ((1 - 1 / n) * i) / (length - 1);
}

/** Fits a mixture to the points that have a coordinate in every dimension: a kernel is a product over the dimensions. */
export function parzen(dimensions: readonly Dimension[], points: readonly Point[]): Parzen {
  const observed = points.filter((point) => dimensions.every(({ name }) => name in point));
  const weights = weightsOf(observed.length);
  const along = dimensions.map((dimension) => {
    const coordinates = observed.map((point) => point[dimension.name] as number);
    return dimension.kind === 'categorical'
      ? choiceKernels(dimension, coordinates)
      : normalKernels(dimension, coordinates);
  });
  const products = new Float64Array(weights.length);
  return {
    draw(uniform) {
      const kernel = pick(weights, uniform());
      return Object.fromEntries(
        dimensions.map(({ name }, i) => [name, (along[i] as Kernels).draw(kernel, uniform(name))]),
      );
    },
    density(point) {
      products.set(weights);
      for (const [i, { name }] of dimensions.entries()) (along[i] as Kernels).multiply(products, point[name] as number);
      let sum = 0;
      for (const product of products) sum += product;
      return sum;
    },
  };
}

/** One kernel per observation along one dimension, then the prior's. */
interface Kernels {
  draw(kernel: number, uniform: number): number;
  /** Multiplies a product per kernel by the density of the kernel at a coordinate. */
  multiply(products: Float64Array, coordinate: number): void;
}

/** Normal kernels cut off at the ends of the axis. */
function normalKernels(dimension: Exclude<Dimension, CategoricalDimension>, coordinates: readonly number[]): Kernels {
  const { low, high, place, coordinate } = axisOf(dimension);
  const places = coordinates.map(place);
  const mu = Float64Array.of(...places, (low + high) / 2);
  const sigma = Float64Array.of(...widthsOf(places, low, high), high - low);
  // The share of a normal distribution below the lower end, and the share between the ends.
  const from = mu.map((center, i) => shareBelow((low - center) / (sigma[i] as number)));
  const within = mu.map((center, i) => shareBelow((high - center) / (sigma[i] as number)) - (from[i] as number));
  const at = (values: Float64Array, kernel: number) => values[kernel] as number;
  return {
    draw(kernel, uniform) {
      const share = at(from, kernel) + uniform * at(within, kernel);
      return coordinate(at(mu, kernel) + at(sigma, kernel) * deviateAt(share));
    },
    multiply(products, x) {
      // A whole number has the share from half below it to half above.
      const [below, above] = dimension.kind === 'int' ? [place(x - 0.5), place(x + 0.5)] : [x, x];
      for (let i = 0; i < products.length; i++) {
        const [center, width] = [at(mu, i), at(sigma, i)];
        const height =
          below < above
            ? Math.max(0, shareBelow((above - center) / width) - shareBelow((below - center) / width))
            : phi((x - center) / width) / width;
        products[i] = at(products, i) * (height / at(within, i));
      }
    },
  };
}

/**
 * The greater gap to a neighbor, the ends of the axis being neighbors of the outermost only where there is a single observation. Between
 * the whole range and its part by one more than the kernels, at most 100 (Optuna's "magic clip").
 */
export function widthsOf(places: readonly number[], low: number, high: number): number[] {
  const order = places.map((_, i) => i).sort((a, b) => (places[a] as number) - (places[b] as number));
  const sorted = [low, ...order.map((i) => places[i] as number), high];
  const least = (high - low) / Math.min(100, 2 + places.length);
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

/** Each kernel favors the choice that was observed; the prior favors none. */
function choiceKernels({ choices }: CategoricalDimension, observations: readonly number[]): Kernels {
  const base = 1 / (observations.length + 1);
  const shareOf = (observed: number | undefined, choice: number) =>
    observed === undefined ? 1 / choices.length : ((observed === choice ? 1 : 0) + base) / (1 + base * choices.length);
  const kernels = [...observations, undefined];
  return {
    draw: (kernel, uniform) =>
      pick(
        choices.map((_, choice) => shareOf(kernels[kernel], choice)),
        uniform,
      ),
    multiply(products, choice) {
      for (const [i, observed] of kernels.entries()) products[i] = (products[i] as number) * shareOf(observed, choice);
    },
  };
}

/** The position at which the shares add up beyond a number in [0, 1). */
function pick(shares: readonly number[], share: number): number {
  let sum = 0;
  for (let index = 0; index < shares.length; index++) {
    sum += shares[index] as number;
    if (share < sum) return index;
  }
  return shares.length - 1;
}
