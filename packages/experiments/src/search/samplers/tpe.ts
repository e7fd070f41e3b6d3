// The tree-structured Parzen estimator (Bergstra et al. 2011) with the defaults of Optuna 5: candidates are drawn from the density of
// good trials, and the one is tried at which it is highest over the density of the others. Trials of the same round, whose results are
// not there yet, count among the others ("constant liar"), so that the trials of a round keep their distance.
import { type Point, pointOf, type Space } from '../space.ts';
import { ranked, type Trial } from '../trial.ts';
import { type Parzen, parzen } from './parzen.ts';
import { random } from './random.ts';
import type { Rng, Sampler, Search } from './sampler.ts';

const CANDIDATES = 24;
const MOST_GOOD = 25;

export function tpe(search: Search, startup: number, dice: Rng): Sampler {
  const { space, trials: count } = search;
  const first = random(search, dice);
  const suggest = (index: number, history: readonly Trial[], running: readonly Point[]) => {
    if (history.filter(isMeasured).length < startup) return first.suggest(index, history, running);
    const chosen = densitiesOf(space, history, running).map((densities) =>
      best(densities, (candidate, name) => {
        const place = space.findIndex((dimension) => dimension.name === (name ?? densities.names[0]));
        return dice(index, place, 2 * candidate + (name === undefined ? 0 : 1));
      }),
    );
    const coordinates: Point = Object.assign({}, ...chosen);
    return pointOf(space, (dimension) => coordinates[dimension.name] ?? (dimension as { low: number }).low);
  };
  return { count, learns: true, suggest };
}

const isMeasured = ({ value }: Trial) => !Number.isNaN(value);

/** How densely good trials lie, and the others, in some dimensions at once. */
interface Densities {
  readonly names: readonly string[];
  readonly good: Parzen;
  readonly others: Parzen;
}

/** Of the dimensions that always apply, together; then of each conditional one by itself. One that has a single value has none. */
export function densitiesOf(space: Space, history: readonly Trial[], running: readonly Point[]): Densities[] {
  const [good, others] = split(history.filter(isMeasured));
  const free = space.filter((dimension) => dimension.kind === 'categorical' || dimension.low < dimension.high);
  const groups = [free.filter(({ when }) => !when), ...free.filter(({ when }) => when).map((each) => [each])];
  return groups
    .filter(({ length }) => length > 0)
    .map((group) => ({
      names: group.map(({ name }) => name),
      good: parzen(group, good),
      others: parzen(group, [...others, ...running]),
    }));
}

/** What the best tenth tried, at most 25, and what the others did, in their order. A trial that diverged is never good. */
function split(trials: readonly Trial[]): [good: Point[], others: Point[]] {
  const best = new Set(byMerit(trials).slice(0, Math.min(Math.ceil(0.1 * trials.length), MOST_GOOD)));
  const pointsOf = (isGood: boolean) => trials.filter((trial) => best.has(trial) === isGood).map(({ point }) => point);
  return [pointsOf(true), pointsOf(false)];
}

/** Those that went to their ends by value; then those that were stopped, who came further first. */
function byMerit(trials: readonly Trial[]): Trial[] {
  const pruned = trials.filter(({ state }) => state === 'pruned');
  return [
    ...ranked(trials.filter(({ state }) => state === 'finished')),
    ...ranked(pruned).sort((a, b) => b.step - a.step),
  ];
}

/** The best of the candidates, of equals the first. `uniform` is asked for the kernel of a candidate, and for its place in each dimension. */
function best({ good, others }: Densities, uniform: (candidate: number, name: string | undefined) => number): Point {
  let [chosen, greatest] = [{} as Point, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < CANDIDATES; i++) {
    const candidate = good.draw((name) => uniform(i, name));
    const improvement = good.density(candidate) / others.density(candidate);
    if (improvement > greatest) [chosen, greatest] = [candidate, improvement];
  }
  return chosen;
}
