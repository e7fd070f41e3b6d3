// A search in a few lines: its best trials, its rounds where it narrowed, and the edges that its best trial touches.
import { message } from '../i18n/index.ts';
import { formatNumber, statusText } from '../record/final-table.ts';
import { measureName } from '../record/measure-name.ts';
import type { RunRecord } from '../record/record.ts';
import { type Lang, langs, type Text } from '../text.ts';
import { type CompletedTrial, completedTrials, SHOWN } from './figures/completed-trials.ts';
import { touchedEdges } from './figures/funnel.ts';
import { insideOf, keptOf, type Ranges, rangesOf } from './samplers/narrowing.ts';
import { axisOf, type Dimension, type Space, valueAt, valuesAt } from './space.ts';
import type { Study } from './study.ts';
import { ranked } from './trial.ts';

/** A head and rows of as many cells. */
export interface SummaryTable {
  /** What it shows, in a few words. */
  readonly title: Text;
  /** Names of the columns. */
  readonly head: readonly string[];
  /** From the top. */
  readonly rows: readonly (readonly string[])[];
}

const words = {
  rank: message('search.summary.rank'),
  trial: message('search.summary.trial'),
  round: message('search.summary.round'),
  next: message('search.summary.next'),
  kept: message('search.summary.kept'),
  best: message('hyperparameter-optimization.measure.best so far'),
  keptOf: (kept: number, all: number) => message('search.summary.kept-of', { kept, all }),
};

/** The twenty best trials, or all where they are fewer: what became of each, and what it tried. */
export function bestTable(study: Study, record: RunRecord, lang: Lang): SummaryTable {
  const trials = completedTrials(study, record);
  const best = ranked(trials).slice(0, SHOWN);
  const hasRounds = (trials.at(-1)?.round ?? 0) > 0;
  const names = study.space.map((dimension) => measureName(dimension.name, lang));
  const rows = best.map((trial, i) => {
    const tried = valuesAt(study.space, trial.point);
    const arm = record.arms.filter(({ name }) => name === trial.name);
    return [
      String(i + 1),
      trial.name.replace(/^trial /, ''),
      ...(hasRounds ? [String(trial.round + 1)] : []),
      formatNumber(trial.value),
      ...study.space.map(({ name }) => formatValue(tried[name])),
      statusText(arm, lang),
    ];
  });
  const round = hasRounds ? [words.round[lang]] : [];
  return {
    title:
      trials.length > SHOWN
        ? message('search.summary.title-best', { SHOWN, length: record.arms.length })
        : message('search.summary.title-all'),
    head: [words.rank[lang], words.trial[lang], ...round, measureName(study.measure, lang), ...names, ''],
    rows,
  };
}

/** Round by round where a search that narrows looked, what it kept, and the best so far; the last row is where it would look next. */
export function roundsTable(
  { space, sampler }: Study,
  trials: readonly CompletedTrial[],
  lang: Lang,
): SummaryTable | undefined {
  if (sampler.kind !== 'narrowing') return undefined;
  const ranges = rangesOf(space, trials, sampler.keep);
  const rows = ranges.map((range, round) => {
    const looked = space.map((dimension) => formatRange(dimension, range));
    if (round === ranges.length - 1) return [words.next[lang], ...looked, '', '', ''];
    const inside = insideOf(space, trials, { round, ranges: range });
    const kept = words.keptOf(keptOf(inside, sampler.keep).length, inside.length)[lang];
    const [best] = ranked(trials.filter((trial) => trial.round <= round));
    return [String(round + 1), ...looked, kept, best ? formatNumber(best.value) : '', ''];
  });
  return {
    title: message('search.summary.rounds-table.title'),
    head: [
      words.round[lang],
      ...space.map(({ name }) => measureName(name, lang)),
      words.kept[lang],
      words.best[lang],
      '',
    ],
    rows,
  };
}

function formatRange(dimension: Dimension, ranges: Ranges): string {
  const { low, high, choices } = ranges[dimension.name] as Ranges[string];
  if (choices) return choices.map((choice) => valueAt(dimension, choice)).join(', ');
  const { coordinate } = axisOf(dimension);
  return [low, high].map((end) => formatValue(valueAt(dimension, coordinate(end)))).join(' – ');
}

/** `sgd`, `0.0123`, `1.9e-6`; a dash where a dimension does not apply. */
function formatValue(value: number | string | undefined): string {
  if (typeof value !== 'number') return value ?? '—';
  const rounded = Number(value.toPrecision(3));
  return rounded !== 0 && Math.abs(rounded) < 1e-3 ? rounded.toExponential() : String(rounded);
}

/** Whether a sampler that learns between rounds had no round to learn from: it chose all trials at random. */
export function isAllRandom({ sampler, trials, roundSize }: Study): boolean {
  if (sampler.kind !== 'tpe' && sampler.kind !== 'narrowing') return false;
  const startup = sampler.kind === 'tpe' ? sampler.startup : 1;
  return trials <= roundSize * Math.ceil(startup / roundSize);
}

/** An end of the first range that the best trial of a narrowing search touches. */
export interface Edge {
  /** Of the space. */
  readonly dimension: Dimension;
  /** Which end of its range. */
  readonly end: 'low' | 'high';
  /** A sentence for a reader. */
  readonly text: Text;
}

/** Where the best trial lies within a twentieth of the first range from one of its ends; none of a search that does not narrow. */
export function edgesOf({ space, sampler }: Study, trials: readonly CompletedTrial[]): Edge[] {
  const [best] = ranked(trials);
  if (sampler.kind !== 'narrowing' || !best) return [];
  return space.flatMap((dimension) => {
    const end = touchedEdges(dimension, trials);
    return end ? [{ dimension, end, text: edgeWarning(space, dimension, { end, best }) }] : [];
  });
}

function edgeWarning(
  space: Space,
  dimension: Dimension,
  { end, best }: { end: Edge['end']; best: CompletedTrial },
): Text {
  const name = { en: '', ko: '', ja: '' };
  for (const lang of langs) name[lang] = measureName(dimension.name, lang);
  const value = formatValue(valuesAt(space, best.point)[dimension.name]);
  const { low, high, coordinate } = axisOf(dimension);
  const range = [low, high].map((place) => formatValue(valueAt(dimension, coordinate(place)))).join(' – ');
  return message(end === 'high' ? 'search.summary.upper-edge' : 'search.summary.lower-edge', { name, value, range });
}
