// The note's way made visible: the range of each round, and where the best trial so far lies in it.

import type { Figure } from '../../figure/figure.ts';
import { message } from '../../i18n/index.ts';
import type { Text } from '../../text.ts';
import { rangesOf } from '../samplers/narrowing.ts';
import { axisOf, type Dimension } from '../space.ts';
import type { Study } from '../study.ts';
import { ranked } from '../trial.ts';
import { type CompletedTrial, coordinateAxis, emptyLabel, nameOf, roundAxis } from './completed-trials.ts';

/** None of a search that does not narrow. */
export function funnel({ space, sampler }: Study, trials: readonly CompletedTrial[]): Figure[] {
  if (sampler.kind !== 'narrowing') return [];
  const ranges = rangesOf(space, trials, sampler.keep);
  const rounds = (trials.at(-1)?.round ?? -1) + 1;
  const x = Array.from({ length: rounds }, (_, round) => round + 1);
  const panelOf = (dimension: Dimension) => {
    const { coordinate } = axisOf(dimension);
    const ends = ranges.slice(0, rounds).map((each) => each[dimension.name] as { low: number; high: number });
    const best = x.map((round) => {
      const [first] = ranked(trials.filter((trial) => trial.round < round && dimension.name in trial.point));
      return (first?.point[dimension.name] as number | undefined) ?? Number.NaN;
    });
    const [low, high] = [ends.map((end) => coordinate(end.low)), ends.map((end) => coordinate(end.high))];
    return {
      kind: 'line' as const,
      title: titled(dimension, touchedEdges(dimension, trials)),
      x: { ...roundAxis, domain: [1, Math.max(2, rounds)] as const },
      // The title says it.
      y: { ...coordinateAxis(dimension), label: emptyLabel },
      curves: [
        { name: 'range', of: 'range, lower end', x, y: low, band: [low, high] as const, role: 'smooth' as const },
        { name: 'range', of: 'range, upper end', x, y: high, role: 'smooth' as const },
        { name: 'best so far', x, y: best, role: 'smooth' as const },
      ],
    };
  };
  return [
    {
      id: 'funnel',
      title: message('search.funnel.funnel.title'),
      caption: message('search.funnel.funnel.caption'),
      columns: 2,
      panels: space.filter(({ kind }) => kind !== 'categorical').map(panelOf),
    },
  ];
}

/** The best trial is at an end where it lies within this share of the whole range from it. */
const EDGE = 0.05;

/** The end of the first range at which the best trial lies: what is sought may lie beyond it. */
export function touchedEdges(dimension: Dimension, trials: readonly CompletedTrial[]): 'low' | 'high' | undefined {
  const coordinate = ranked(trials)[0]?.point[dimension.name];
  if (coordinate === undefined || dimension.kind === 'categorical') return undefined;
  const { low, high, place } = axisOf(dimension);
  if (high - place(coordinate) <= EDGE * (high - low)) return 'high';
  return place(coordinate) - low <= EDGE * (high - low) ? 'low' : undefined;
}

function titled(dimension: Dimension, end: 'low' | 'high' | undefined): Text {
  const { en, ko, ja } = nameOf(dimension);
  if (!end) return { en, ko, ja };
  const [upper, upperKo, upperJa] = end === 'high' ? ['upper', '위쪽', '上'] : ['lower', '아래쪽', '下'];
  return {
    en: `${en}: best at ${upper} end`,
    ko: `${ko}: 최고가 ${upperKo} 끝에 있음`,
    ja: `${ja}: 最良が${upperJa}端にある`,
  };
}
