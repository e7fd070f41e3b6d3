// A search as tables: its best trials and its rounds; and warnings if the best trial is at an edge of the space.
import { message } from '../i18n/index.ts';
import { formatNumber, statusText } from '../record/final-table.ts';
import { measureName } from '../record/measure-name.ts';
import type { RunRecord } from '../record/record.ts';
import { type Lang, type Text, toText } from '../text.ts';
import { BEST_TRIALS, type CompletedTrial, completedTrials } from './figures/completed-trials.ts';
import { touchedEdge } from './figures/funnel.ts';
import { bestFraction, computeRanges, type Ranges, trialsInRanges } from './samplers/narrowing.ts';
import { type Dimension, formatValue, type Space, toAxis, valueAt, valuesAt } from './space.ts';
import type { Study } from './study.ts';
import { ranked } from './trial.ts';

/** A table of text. */
export interface SummaryTable {
  /** What the table shows, in a few words. */
  readonly title: Text;
  /** Names of the columns. */
  readonly head: readonly string[];
  /** From the top; each with as many cells as the head. */
  readonly rows: readonly (readonly string[])[];
}

/** Creates a table of the best trials: rank, value, parameters and status. */
export function bestTable(study: Study, record: RunRecord, lang: Lang): SummaryTable {
  const trials = completedTrials(study, record);
  const hasRounds = (trials.at(-1)?.round ?? 0) > 0;
  const rows = ranked(trials)
    .slice(0, BEST_TRIALS)
    .map((trial, i) => {
      const values = valuesAt(study.space, trial.point);
      return [
        String(i + 1),
        trial.name.replace(/^trial /, ''),
        ...(hasRounds ? [String(trial.round + 1)] : []),
        formatNumber(trial.value),
        ...study.space.map(({ name }) => formatValue(values[name])),
        statusText(
          record.arms.filter(({ name }) => name === trial.name),
          lang,
        ),
      ];
    });
  const round = hasRounds ? [message('search.summary.round')[lang]] : [];
  const [rank, number] = [message('search.summary.rank')[lang], message('search.summary.trial')[lang]];
  return {
    title:
      trials.length > BEST_TRIALS
        ? message('search.summary.title-best', { SHOWN: BEST_TRIALS, length: record.arms.length })
        : message('search.summary.title-all'),
    head: [rank, number, ...round, measureName(study.measure, lang), ...parameterNames(study.space, lang), ''],
    rows,
  };
}

const parameterNames = (space: Space, lang: Lang) => space.map(({ name }) => measureName(name, lang));

/** Creates a table of the rounds of a narrowing search: ranges, kept trials, best value. The last row has the next ranges. */
export function roundsTable(
  { space, sampler }: Study,
  trials: readonly CompletedTrial[],
  lang: Lang,
): SummaryTable | undefined {
  if (sampler.kind !== 'narrowing') return undefined;
  const all = computeRanges(space, trials, sampler.keep);
  const rows = all.map((ranges, round) => {
    const cells = space.map((dimension) => formatRange(dimension, ranges));
    if (round === all.length - 1) return [message('search.summary.next')[lang], ...cells, '', '', ''];
    const inside = trialsInRanges(space, trials, { round, ranges });
    const kept = bestFraction(inside, sampler.keep).length;
    const [best] = ranked(trials.filter((trial) => trial.round <= round));
    const keptOf = message('search.summary.kept-of', { kept, all: inside.length })[lang];
    return [String(round + 1), ...cells, keptOf, best ? formatNumber(best.value) : '', ''];
  });
  return {
    title: message('search.summary.rounds-table.title'),
    head: [
      message('search.summary.round')[lang],
      ...parameterNames(space, lang),
      message('search.summary.kept')[lang],
      message('hyperparameter-optimization.measure.best so far')[lang],
      '',
    ],
    rows,
  };
}

function formatRange(dimension: Dimension, ranges: Ranges): string {
  const { low, high, choices } = ranges[dimension.name] as Ranges[string];
  if (choices) return choices.map((choice) => valueAt(dimension, choice)).join(', ');
  const { toCoordinate } = toAxis(dimension);
  return [low, high].map((end) => formatValue(valueAt(dimension, toCoordinate(end)))).join(' – ');
}

/** Returns whether a sampler that uses earlier rounds sampled all trials at random, because there were too few rounds. */
export function isAllRandom({ sampler, trials, roundSize }: Study): boolean {
  if (sampler.kind !== 'tpe' && sampler.kind !== 'narrowing') return false;
  const startup = sampler.kind === 'tpe' ? sampler.startup : 1;
  return trials <= roundSize * Math.ceil(startup / roundSize);
}

/** An end of the first range of a narrowing search that the best trial is at. */
export interface Edge {
  /** The dimension. */
  readonly dimension: Dimension;
  /** The end of its range. */
  readonly end: 'low' | 'high';
  /** A warning for the reader. */
  readonly text: Text;
}

/** Returns the ends from which the best trial is at most 5 % of the first range away; none if the search does not narrow. */
export function findEdges({ space, sampler }: Study, trials: readonly CompletedTrial[]): Edge[] {
  const [best] = ranked(trials);
  if (sampler.kind !== 'narrowing' || !best) return [];
  const ranges = computeRanges(space, [], sampler.keep)[0] as Ranges;
  return space.flatMap((dimension) => {
    const end = touchedEdge(dimension, trials);
    if (!end) return [];
    const name = toText((lang) => measureName(dimension.name, lang));
    const value = formatValue(valuesAt(space, best.point)[dimension.name]);
    const key = end === 'high' ? 'search.summary.upper-edge' : 'search.summary.lower-edge';
    return [{ dimension, end, text: message(key, { name, value, range: formatRange(dimension, ranges) }) }];
  });
}
