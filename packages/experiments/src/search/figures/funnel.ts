// The note's way made visible: the range of each round, and where the best trial so far lies in it.
import type { Figure } from '../../figure/figure.ts';
import type { Text } from '../../text.ts';
import { rangesOf } from '../samplers/narrowing.ts';
import { axisOf, type Dimension } from '../space.ts';
import type { Study } from '../study.ts';
import { ranked } from '../trial.ts';
import { coordinateAxis, nameOf, roundAxis, type Tried, unsaid } from './tried.ts';

/** None of a search that does not narrow. */
export function funnel({ space, sampler }: Study, trials: readonly Tried[]): Figure[] {
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
      title: titled(dimension, touched(dimension, trials)),
      x: { ...roundAxis, domain: [1, Math.max(2, rounds)] as const },
      // The title says it.
      y: { ...coordinateAxis(dimension), label: unsaid },
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
      title: { en: 'The range, round by round', ko: '단계마다 좁아지는 범위', ja: '段階ごとに狭まる範囲' },
      caption: {
        en: 'Where each round looked, and where the best trial so far lies. A best trial within 5 % of an end of the first range calls for a wider one.',
        ko: '각 단계가 살펴본 범위와 그때까지 가장 좋은 시행의 자리. 가장 좋은 시행이 처음 범위의 끝에서 5% 안에 있으면 범위를 넓혀야 한다.',
        ja: '各段階が調べた範囲と、それまでで最も良い試行の位置。最も良い試行が最初の範囲の端から 5 % 以内なら、範囲を広げるべきである。',
      },
      columns: 2,
      panels: space.filter(({ kind }) => kind !== 'categorical').map(panelOf),
    },
  ];
}

/** The best trial is at an end where it lies within this share of the whole range from it. */
const EDGE = 0.05;

/** The end of the first range at which the best trial lies: what is sought may lie beyond it. */
export function touched(dimension: Dimension, trials: readonly Tried[]): 'low' | 'high' | undefined {
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
