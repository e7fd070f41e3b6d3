// Importance of hyperparameters by PED-ANOVA (Watanabe, Bansal, Hutter: IJCAI 2023): the Pearson divergence between the density of the
// best trials and the density of all trials, along each dimension.
import { createParzen } from './samplers/parzen.ts';
import { type Dimension, type Space, toAxis } from './space.ts';
import { ranked, type Trial } from './trial.ts';

/** Fraction of the trials that are the best. */
const BEST_FRACTION = 0.1;
/** Positions along a numeric dimension at which densities are compared. */
const BINS = 60;

/** Returns the share of each dimension. Their sum is 1, or all are 0 if there are too few trials. */
export function computeImportances(space: Space, trials: readonly Trial[]): number[] {
  const best = new Set(ranked(trials).slice(0, Math.max(2, Math.ceil(BEST_FRACTION * trials.length))));
  const divergences = space.map((dimension) => {
    const all = trials.filter(({ point }) => dimension.name in point);
    const chosen = all.filter((trial) => best.has(trial));
    return chosen.length < 2 || chosen.length === all.length ? 0 : pearsonDivergence(dimension, all, chosen);
  });
  const sum = divergences.reduce((total, each) => total + each, 0);
  return divergences.map((each) => (sum > 0 ? each / sum : 0));
}

/** Computes Σ p (q ÷ p − 1)², with the density p of all trials and q of the best. */
function pearsonDivergence(dimension: Dimension, all: readonly Trial[], best: readonly Trial[]): number {
  const coordinates = binCoordinates(dimension);
  const shares = (trials: readonly Trial[]) => {
    const estimator = createParzen(
      [dimension],
      trials.map(({ point }) => point),
    );
    return normalize(coordinates.map((coordinate) => estimator.density({ [dimension.name]: coordinate })));
  };
  const [p, q] = [shares(all), shares(best)];
  return p.reduce((sum, share, i) => {
    const excess = (q[i] as number) / share - 1;
    return sum + share * excess * excess;
  }, 0);
}

function binCoordinates(dimension: Dimension): number[] {
  if (dimension.kind === 'categorical') return dimension.choices.map((_, choice) => choice);
  const { low, high, toCoordinate } = toAxis(dimension);
  return [...new Set(Array.from({ length: BINS }, (_, i) => toCoordinate(low + ((high - low) * (i + 0.5)) / BINS)))];
}

function normalize(values: readonly number[]): number[] {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => Math.max(value / sum, 1e-12));
}
