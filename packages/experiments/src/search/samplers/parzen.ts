// How densely observations lie along one dimension: a mixture of one kernel each, and one for what was known before any.
import { type Axis, axisOf, type CategoricalDimension, type FloatDimension, type IntDimension } from '../space.ts';
import { deviateAt, density as phi, shareBelow } from './normal.ts';

export interface Parzen {
  /** A coordinate from two numbers in [0, 1): one picks the kernel, the other a place in it. */
  draw(kernel: number, place: number): number;
  density(coordinate: number): number;
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

interface Kernel {
  readonly weight: number;
  /** The weight over the share that lies between the ends. */
  readonly height: number;
  readonly mu: number;
  readonly sigma: number;
  /** The shares of the normal distribution below the two ends. */
  readonly from: number;
  readonly to: number;
}

/** Normal kernels cut off at the ends of the axis, each as wide as the gap to its farther neighbour, within limits. */
export function parzenNumbers(dimension: FloatDimension | IntDimension, observations: readonly number[]): Parzen {
  const axis = axisOf(dimension);
  const kernels = kernelsOf(observations.map(axis.place), axis.low, axis.high);
  const shares = kernels.map(({ weight }) => weight);
  return {
    draw(kernel, place) {
      const { mu, sigma, from, to } = kernels[pick(shares, kernel)] as Kernel;
      return axis.coordinate(mu + sigma * deviateAt(from + place * (to - from)));
    },
    density:
      dimension.kind === 'int' ? remembered((x) => wholeDensity(kernels, axis, x)) : (x) => densityAt(kernels, x),
  };
}

function densityAt(kernels: readonly Kernel[], x: number): number {
  let sum = 0;
  for (const { height, mu, sigma } of kernels) sum += height * (phi((x - mu) / sigma) / sigma);
  return sum;
}

/** A whole number has the share from half below it to half above. */
function wholeDensity(kernels: readonly Kernel[], { place }: Axis, x: number): number {
  const [low, high] = [place(x - 0.5), place(x + 0.5)];
  let sum = 0;
  for (const { height, mu, sigma } of kernels)
    sum += height * Math.max(0, shareBelow((high - mu) / sigma) - shareBelow((low - mu) / sigma));
  return sum;
}

/** Candidates that are whole numbers are often the same. */
function remembered(f: (x: number) => number): (x: number) => number {
  const known = new Map<number, number>();
  return (x) => {
    const value = known.get(x) ?? f(x);
    known.set(x, value);
    return value;
  };
}

function kernelsOf(places: readonly number[], low: number, high: number): Kernel[] {
  const weights = weightsOf(places.length);
  const widths = [...widthsOf(places, low, high), high - low];
  return [...places, (low + high) / 2].map((mu, i) => {
    const [weight, sigma] = [weights[i] as number, widths[i] as number];
    const [from, to] = [shareBelow((low - mu) / sigma), shareBelow((high - mu) / sigma)];
    return { weight, height: weight / (to - from), mu, sigma, from, to };
  });
}

/**
 * The greater gap to a neighbour, the prior's middle being one; at both ends the gap inwards, where there are two or more. Between
 * the whole range and its part by one more than the kernels, at most 100 ("magic clip").
 */
export function widthsOf(places: readonly number[], low: number, high: number): number[] {
  const all = [...places, (low + high) / 2];
  const order = all.map((_, i) => i).sort((a, b) => (all[a] as number) - (all[b] as number));
  const sorted = [low, ...order.map((i) => all[i] as number), high];
  const least = (high - low) / Math.min(100, 1 + all.length);
  const widths: number[] = [];
  for (const [rank, i] of order.entries()) {
    const [below, here, above] = sorted.slice(rank, rank + 3) as [number, number, number];
    const isEnd = rank === 0 || rank === order.length - 1;
    const inwards = rank === 0 ? above - here : here - below;
    widths[i] = isEnd && all.length >= 2 ? inwards : Math.max(here - below, above - here);
  }
  return widths.slice(0, -1).map((width) => Math.min(high - low, Math.max(least, width)));
}

/** Each kernel favours the choice that was observed; the prior favours none. */
export function parzenChoices({ choices }: CategoricalDimension, observations: readonly number[]): Parzen {
  const weights = weightsOf(observations.length);
  const base = 1 / (observations.length + 1);
  const shares = choices.map((_, choice) => {
    const ofKernel = (observed: number | undefined) =>
      observed === undefined
        ? 1 / choices.length
        : ((observed === choice ? 1 : 0) + base) / (1 + base * choices.length);
    return [...observations, undefined].reduce<number>(
      (sum, observed, i) => sum + (weights[i] as number) * ofKernel(observed),
      0,
    );
  });
  return {
    draw: (share) => pick(shares, share),
    density: (choice) => shares[choice] as number,
  };
}

/** The place at which the shares add up beyond a number in [0, 1). */
function pick(shares: readonly number[], share: number): number {
  let sum = 0;
  for (let index = 0; index < shares.length; index++) {
    sum += shares[index] as number;
    if (share < sum) return index;
  }
  return shares.length - 1;
}
