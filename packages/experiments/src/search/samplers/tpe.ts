// The tree-structured Parzen estimator (Bergstra et al. 2011) with Optuna's defaults, one dimension at a time: where good trials lie
// denser than the others. Trials of a round know those of the rounds before, and nothing of each other.
import { axisOf, pointOf, type Space } from '../space.ts';
import { ranked, type Trial } from '../trial.ts';
import { type Parzen, parzenChoices, parzenNumbers } from './parzen.ts';
import { random } from './random.ts';
import type { Dice, Sampler, Search } from './sampler.ts';

/** Drawn from where good trials lie; the one of the greatest expected improvement is tried. */
const CANDIDATES = 24;
const MOST_GOOD = 25;

export function tpe(search: Search, startup: number, dice: Dice): Sampler {
  const { space, trials: count } = search;
  const first = random(search, dice);
  // Trials of a round have one history: its densities are made once.
  let made: { readonly of: readonly Trial[]; readonly length: number; readonly densities: Densities } | undefined;
  const suggest = (index: number, history: readonly Trial[]) => {
    if (history.filter(isMeasured).length < startup) return first.suggest(index, history);
    if (made?.of !== history || made.length !== history.length)
      made = { of: history, length: history.length, densities: densitiesOf(space, history.filter(isMeasured)) };
    const { densities } = made;
    return pointOf(space, (dimension, place) => {
      const { low, high, coordinate } = axisOf(dimension);
      if (low === high) return coordinate(low);
      return best(densities[place] as Densities[number], (further) => dice(index, place, further));
    });
  };
  return { count, learns: true, suggest };
}

const isMeasured = ({ value }: Trial) => !Number.isNaN(value);

/** By dimension: how densely good trials lie, and the others. */
type Densities = readonly (readonly [good: Parzen, others: Parzen])[];

function densitiesOf(space: Space, trials: readonly Trial[]): Densities {
  const groups = split(trials);
  return space.map((dimension) => {
    const estimate = dimension.kind === 'categorical' ? parzenChoices : parzenNumbers;
    const of = (group: readonly Trial[]) =>
      estimate(
        dimension as never,
        group.flatMap(({ point }) => point[dimension.name] ?? []),
      );
    return [of(groups[0]), of(groups[1])];
  });
}

/** The best tenth, at most 25, and the others; both in the order in which they were tried. */
function split(trials: readonly Trial[]): [good: Trial[], others: Trial[]] {
  const good = new Set(byMerit(trials).slice(0, Math.min(Math.ceil(0.1 * trials.length), MOST_GOOD)));
  return [trials.filter((trial) => good.has(trial)), trials.filter((trial) => !good.has(trial))];
}

/** Those that went to their ends by value; then those that were stopped, who came further first; then those that diverged. */
function byMerit(trials: readonly Trial[]): Trial[] {
  const pruned = trials.filter(({ state }) => state === 'pruned');
  return [
    ...ranked(trials.filter(({ state }) => state === 'finished')),
    ...ranked(pruned).sort((a, b) => b.step - a.step),
    ...trials.filter(({ state }) => state === 'diverged'),
  ];
}

/** The candidate at which the density of good trials is highest over that of the others; of equals the first. */
function best([good, others]: Densities[number], roll: (further: number) => number): number {
  let [chosen, greatest] = [0, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < CANDIDATES; i++) {
    const candidate = good.draw(roll(2 * i), roll(2 * i + 1));
    const improvement = good.density(candidate) / others.density(candidate);
    if (improvement > greatest) [chosen, greatest] = [candidate, improvement];
  }
  return chosen;
}
