// Which dimensions decide. PED-ANOVA (Watanabe, Bansal, Hutter: PED-ANOVA, IJCAI 2023): along each dimension the density of the
// best trials is held against that of all trials; the more they differ (Pearson's divergence), the more the dimension decides.
import { parzen } from './samplers/parzen.ts';
import { axisOf, type Dimension, type Space } from './space.ts';
import { ranked, type Trial } from './trial.ts';

/** Which part of the trials are the best. */
const BEST = 0.1;
/** Places along a dimension of numbers at which densities are compared. */
const BINS = 60;

/** A share a dimension; their sum is 1, or all are 0 where there are too few trials to tell. */
export function importancesOf(space: Space, trials: readonly Trial[]): number[] {
  const best = new Set(ranked(trials).slice(0, Math.max(2, Math.ceil(BEST * trials.length))));
  const divergences = space.map((dimension) => {
    const here = trials.filter(({ point }) => dimension.name in point);
    const chosen = here.filter((trial) => best.has(trial));
    return chosen.length < 2 || chosen.length === here.length ? 0 : divergence(dimension, here, chosen);
  });
  const sum = divergences.reduce((total, each) => total + each, 0);
  return divergences.map((each) => (sum > 0 ? each / sum : 0));
}

/** Σ p (q ÷ p − 1)², with p where all trials lie and q where the best do. */
function divergence(dimension: Dimension, all: readonly Trial[], best: readonly Trial[]): number {
  const density = (some: readonly Trial[]) => {
    const estimate = parzen(
      [dimension],
      some.map(({ point }) => point),
    );
    return (coordinate: number) => estimate.density({ [dimension.name]: coordinate });
  };
  const [p, q] = [density(all), density(best)];
  const places = binIndices(dimension);
  const [ps, qs] = [p, q].map((f) => normalized(places.map(f))) as [number[], number[]];
  return ps.reduce((sum, share, i) => {
    const excess = (qs[i] as number) / share - 1;
    return sum + share * excess * excess;
  }, 0);
}

function binIndices(dimension: Dimension): number[] {
  if (dimension.kind === 'categorical') return dimension.choices.map((_, choice) => choice);
  const { low, high, coordinate } = axisOf(dimension);
  const places = Array.from({ length: BINS }, (_, i) => coordinate(low + ((high - low) * (i + 0.5)) / BINS));
  return [...new Set(places)];
}

function normalized(values: readonly number[]): number[] {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => Math.max(value / sum, 1e-12));
}
