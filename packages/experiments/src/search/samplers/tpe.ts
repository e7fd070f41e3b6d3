// Tree-structured Parzen estimator (Bergstra et al. 2011) with the defaults of Optuna 5. Candidates are sampled from the density of the
// good trials; the one with the highest ratio to the density of the other trials is chosen. Trials of the same round, which have no
// results yet, count as other trials ("constant liar"), so that the trials of a round differ.
import { createPoint, type Point, type Space } from '../space.ts';
import { ranked, type Trial } from '../trial.ts';
import { createParzen, type Parzen } from './parzen.ts';
import { randomSampler } from './random.ts';
import type { Rng, Sampler, SearchSpec } from './sampler.ts';

const CANDIDATES = 24;
const MAX_GOOD = 25;

export function tpeSampler(search: SearchSpec, startup: number, rng: Rng): Sampler {
  const { space, trials: count } = search;
  const random = randomSampler(search, rng);
  const sample = (trial: number, history: readonly Trial[], running: readonly Point[]) => {
    if (history.filter(hasValue).length < startup) return random.sample(trial, history, running);
    const chosen = estimateDensities(space, history, running).map((densities) =>
      bestCandidate(densities, (candidate, name) => {
        const index = space.findIndex((dimension) => dimension.name === (name ?? densities.names[0]));
        return rng(trial, index, 2 * candidate + (name === undefined ? 0 : 1));
      }),
    );
    const coordinates: Point = Object.assign({}, ...chosen);
    return createPoint(space, (dimension) => coordinates[dimension.name] ?? (dimension as { low: number }).low);
  };
  return { count, learns: true, sample };
}

const hasValue = ({ value }: Trial) => !Number.isNaN(value);

/** Densities of the good and of the other trials over some dimensions. */
interface Densities {
  readonly names: readonly string[];
  readonly good: Parzen;
  readonly others: Parzen;
}

/** Estimates densities over all unconditional dimensions together, and over each conditional one. Constant dimensions are skipped. */
export function estimateDensities(space: Space, history: readonly Trial[], running: readonly Point[]): Densities[] {
  const [good, others] = splitTrials(history.filter(hasValue));
  const varying = space.filter((dimension) => dimension.kind === 'categorical' || dimension.low < dimension.high);
  const groups = [varying.filter(({ when }) => !when), ...varying.filter(({ when }) => when).map((each) => [each])];
  return groups
    .filter(({ length }) => length > 0)
    .map((group) => ({
      names: group.map(({ name }) => name),
      good: createParzen(group, good),
      others: createParzen(group, [...others, ...running]),
    }));
}

/** Splits off the best tenth of the trials, at most 25. Both parts keep their order. A diverged trial is never good. */
function splitTrials(trials: readonly Trial[]): [good: Point[], others: Point[]] {
  const best = new Set(rankByState(trials).slice(0, Math.min(Math.ceil(0.1 * trials.length), MAX_GOOD)));
  const points = (isGood: boolean) => trials.filter((trial) => best.has(trial) === isGood).map(({ point }) => point);
  return [points(true), points(false)];
}

/** Sorts finished trials by value, then pruned trials by step and value. */
function rankByState(trials: readonly Trial[]): Trial[] {
  const pruned = trials.filter(({ state }) => state === 'pruned');
  return [
    ...ranked(trials.filter(({ state }) => state === 'finished')),
    ...ranked(pruned).sort((a, b) => b.step - a.step),
  ];
}

/** Returns the best candidate. `uniform` is called for the kernel of a candidate, and for its position in each dimension. */
function bestCandidate(
  { good, others }: Densities,
  uniform: (candidate: number, name: string | undefined) => number,
): Point {
  let [chosen, greatest] = [{} as Point, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < CANDIDATES; i++) {
    const candidate = good.sample((name) => uniform(i, name));
    const improvement = good.density(candidate) / others.density(candidate);
    if (improvement > greatest) [chosen, greatest] = [candidate, improvement];
  }
  return chosen;
}
