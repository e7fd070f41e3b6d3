// How densely trials lie in some dimensions at once: a mixture with one kernel per trial, and one for what was known before any.
import { type Axis, axisOf, type CategoricalDimension, type Dimension, type Point } from '../space.ts';
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
  return {
    draw(uniform) {
      const kernel = pick(weights, uniform());
      return Object.fromEntries(
        dimensions.map(({ name }, i) => [name, (along[i] as Kernels).draw(kernel, uniform(name))]),
      );
    },
    density(point) {
      const products = [...weights];
      for (const [i, { name }] of dimensions.entries()) {
        const densities = (along[i] as Kernels).densities(point[name] as number);
        for (let kernel = 0; kernel < products.length; kernel++)
          products[kernel] = (products[kernel] as number) * (densities[kernel] as number);
      }
      return products.reduce((sum, product) => sum + product, 0);
    },
  };
}

/** One kernel per observation along one dimension, then the prior's. */
interface Kernels {
  draw(kernel: number, uniform: number): number;
  /** The density of each kernel at a coordinate. */
  densities(coordinate: number): readonly number[];
}

interface Kernel {
  readonly mu: number;
  readonly sigma: number;
  /** The shares of the normal distribution below the two ends. */
  readonly from: number;
  readonly to: number;
}

/** Normal kernels cut off at the ends of the axis. */
function normalKernels(dimension: Exclude<Dimension, CategoricalDimension>, coordinates: readonly number[]): Kernels {
  const axis = axisOf(dimension);
  const { low, high } = axis;
  const places = coordinates.map(axis.place);
  const widths = [...widthsOf(places, low, high), high - low];
  const kernels = [...places, (low + high) / 2].map((mu, i) => {
    const sigma = widths[i] as number;
    return { mu, sigma, from: shareBelow((low - mu) / sigma), to: shareBelow((high - mu) / sigma) };
  });
  return {
    draw(kernel, uniform) {
      const { mu, sigma, from, to } = kernels[kernel] as Kernel;
      return axis.coordinate(mu + sigma * deviateAt(from + uniform * (to - from)));
    },
    densities:
      dimension.kind === 'int'
        ? remembered((x) => wholeDensities(kernels, axis, x))
        : (x) => kernels.map(({ mu, sigma, from, to }) => phi((x - mu) / sigma) / sigma / (to - from)),
  };
}

/** A whole number has the share from half below it to half above. */
function wholeDensities(kernels: readonly Kernel[], { place }: Axis, x: number): number[] {
  const [low, high] = [place(x - 0.5), place(x + 0.5)];
  return kernels.map(({ mu, sigma, from, to }) => {
    const share = shareBelow((high - mu) / sigma) - shareBelow((low - mu) / sigma);
    return Math.max(0, share) / (to - from);
  });
}

/** Candidates that are whole numbers are often the same. */
function remembered<T>(f: (x: number) => T): (x: number) => T {
  const known = new Map<number, T>();
  return (x) => {
    const value = known.get(x) ?? f(x);
    known.set(x, value);
    return value;
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
    const [below, here, above] = sorted.slice(rank, rank + 3) as [number, number, number];
    const gaps = [here - below, above - here];
    const inner =
      order.length < 2 ? gaps : rank === 0 ? gaps.slice(1) : rank === order.length - 1 ? gaps.slice(0, 1) : gaps;
    widths[i] = Math.min(high - low, Math.max(least, ...inner));
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
    densities: (choice) => kernels.map((observed) => shareOf(observed, choice)),
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
