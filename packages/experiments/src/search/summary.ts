// A search in a few lines: its best trials, its rounds where it narrowed, and the edges that its best trial touches.
import { endingOf, short } from '../record/finals.ts';
import { measureName } from '../record/measure-name.ts';
import type { RunRecord } from '../record/record.ts';
import type { Lang, Text } from '../text.ts';
import { touched } from './figures/funnel.ts';
import { SHOWN, type Tried, triedIn } from './figures/tried.ts';
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

const text = (en: string, ko: string, ja: string): Text => ({ en, ko, ja });
const words = {
  rank: text('rank', '순위', '順位'),
  trial: text('trial', '시행', '試行'),
  round: text('round', '단계', '段階'),
  next: text('next', '다음', '次'),
  kept: text('kept', '남김', '残した'),
  best: text('best so far', '그때까지의 최고', 'それまでの最良'),
  keptOf: (kept: number, all: number) => text(`${kept} of ${all}`, `${all}개 중 ${kept}개`, `${all} 個中 ${kept} 個`),
};

/** The twenty best trials, or all where they are fewer: what became of each, and what it tried. */
export function bestTable(study: Study, record: RunRecord, lang: Lang): SummaryTable {
  const trials = triedIn(study, record);
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
      short(trial.value),
      ...study.space.map(({ name }) => told(tried[name])),
      endingOf(arm, lang),
    ];
  });
  const round = hasRounds ? [words.round[lang]] : [];
  return {
    title:
      trials.length > SHOWN
        ? text(
            `The ${SHOWN} best of ${record.arms.length} trials`,
            `시행 ${record.arms.length}개 가운데 상위 ${SHOWN}개`,
            `${record.arms.length} 試行のうち上位 ${SHOWN}`,
          )
        : text('The trials, the best first', '시행, 좋은 순서대로', '試行、成績の良い順'),
    head: [words.rank[lang], words.trial[lang], ...round, measureName(study.measure, lang), ...names, ''],
    rows,
  };
}

/** Round by round where a search that narrows looked, what it kept, and the best so far; the last row is where it would look next. */
export function roundsTable({ space, sampler }: Study, trials: readonly Tried[], lang: Lang): SummaryTable | undefined {
  if (sampler.kind !== 'narrowing') return undefined;
  const ranges = rangesOf(space, trials, sampler.keep);
  const rows = ranges.map((range, round) => {
    const looked = space.map((dimension) => rangeTold(dimension, range));
    if (round === ranges.length - 1) return [words.next[lang], ...looked, '', '', ''];
    const inside = insideOf(space, trials, { round, ranges: range });
    const kept = words.keptOf(keptOf(inside, sampler.keep).length, inside.length)[lang];
    const [best] = ranked(trials.filter((trial) => trial.round <= round));
    return [String(round + 1), ...looked, kept, best ? short(best.value) : '', ''];
  });
  return {
    title: text('Where each round looked', '단계마다 살펴본 범위', '段階ごとに調べた範囲'),
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

function rangeTold(dimension: Dimension, ranges: Ranges): string {
  const { low, high, choices } = ranges[dimension.name] as Ranges[string];
  if (choices) return choices.map((choice) => valueAt(dimension, choice)).join(', ');
  const { coordinate } = axisOf(dimension);
  return [low, high].map((end) => told(valueAt(dimension, coordinate(end)))).join(' – ');
}

/** `sgd`, `0.0123`, `1.9e-6`; a dash where a dimension does not apply. */
function told(value: number | string | undefined): string {
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
export function edgesOf({ space, sampler }: Study, trials: readonly Tried[]): Edge[] {
  const [best] = ranked(trials);
  if (sampler.kind !== 'narrowing' || !best) return [];
  return space.flatMap((dimension) => {
    const end = touched(dimension, trials);
    return end ? [{ dimension, end, text: edgeTold(space, dimension, { end, best }) }] : [];
  });
}

function edgeTold(space: Space, dimension: Dimension, { end, best }: { end: Edge['end']; best: Tried }): Text {
  const name = (lang: Lang) => measureName(dimension.name, lang);
  const value = told(valuesAt(space, best.point)[dimension.name]);
  const { low, high, coordinate } = axisOf(dimension);
  const range = [low, high].map((place) => told(valueAt(dimension, coordinate(place)))).join(' – ');
  const [upper, upperKo, upperJa] = end === 'high' ? ['upper', '위쪽', '上'] : ['lower', '아래쪽', '下'];
  return text(
    `The best trial has a ${name('en')} of ${value}, at the ${upper} edge of what was searched (${range}): better ones may lie beyond.`,
    `가장 좋은 시행이 ${name('ko')} 범위(${range})의 ${upperKo} 끝(${value})에 있다. 더 좋은 값은 그 너머에 있을 수 있다.`,
    `最も良い試行の${name('ja')} ${value} は、探索範囲（${range}）の${upperJa}端にある。より良い値はその先にあるかもしれない。`,
  );
}
