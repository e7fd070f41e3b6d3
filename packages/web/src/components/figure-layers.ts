// What is added to the figures of a run: the other seeds, earlier runs, marks of a claim, a logarithmic axis.
import {
  assessClaims,
  copyAxes,
  type Experiment,
  type Figure,
  isComplete,
  pageFigures,
  type RunRecord,
} from '@descent/experiments';
import { figuresOver, type Ghost, markFigures, toLogScale, withGhosts } from '@descent/experiments/layers';
import { describeChanges } from '../state/changes.ts';
import type { KeptRun } from '../state/kept-runs.ts';
import { t } from '../state/language.ts';
import { truncateRecord } from '../state/truncate.ts';

export interface Layers {
  readonly experiment: Experiment;
  readonly record: RunRecord;
  /** The finished seeds. */
  readonly seeds: readonly RunRecord[];
  /** The step that is shown; undefined for the whole run. */
  readonly step: number | undefined;
  /** Earlier runs. */
  readonly ghosts: readonly KeptRun[];
  /** Id of the claim to mark. */
  readonly claim: string;
  readonly isLog: boolean;
}

/** @param own the figures of `record` alone */
export function addLayers(own: readonly Figure[], layers: Layers): Figure[] {
  const { experiment, record, seeds, ghosts, claim, isLog } = layers;
  const runs = seeds.length > 0 ? seeds : [record];
  const shown = seeds.length > 0 ? drawSeeds(layers) : own;
  const drawn = ghosts.map((run) => ({
    name: toText(describeChanges(experiment, run[0], record)),
    figures: draw(experiment, run),
  }));
  const marks = runs.every(isComplete)
    ? assessClaims(
        experiment.claims.filter(({ id }) => id === claim),
        runs,
      ).flatMap((each) => each.marks)
    : [];
  const figures = markFigures(withGhosts(shown, [...drawn, ...drawRunningSeed(layers)]), marks);
  return isLog ? figures.map(toLogScale) : figures;
}

/** Draws the means of the finished seeds. Those of an earlier step have the axes of the whole run. */
function drawSeeds({ experiment, seeds, step }: Layers): Figure[] {
  const all = figuresOver(experiment, seeds);
  if (step === undefined) return all;
  const earlier = seeds.map((each) => truncateRecord(each, step));
  return figuresOver(experiment, earlier).map((figure, i) =>
    all[i]?.id === figure.id ? copyAxes(figure, all[i]) : figure,
  );
}

/** Draws the seed in progress behind the finished ones. */
function drawRunningSeed({ experiment, record, seeds }: Layers): Ghost[] {
  if (seeds.length === 0 || seeds.includes(record)) return [];
  return [{ name: toText(t('seed-of', { seed: record.seed })), figures: pageFigures(experiment, record) }];
}

const toText = (text: string) => ({ en: text, ko: text, ja: text });

const drawnRuns = new WeakMap<KeptRun, readonly Figure[]>();

/** Draws an earlier run once. Of its texts only the names of its curves are used. */
function draw(experiment: Experiment, run: KeptRun): readonly Figure[] {
  const figures =
    drawnRuns.get(run) ?? (run.length === 1 ? pageFigures(experiment, run[0]) : figuresOver(experiment, run));
  drawnRuns.set(run, figures);
  return figures;
}
