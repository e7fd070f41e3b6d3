// Whether narrowing the range of learning rates helps: trials that had no say in it do better inside.
import type { Claim } from '../record/claims.ts';
import type { RunRecord } from '../record/record.ts';
import { mean } from '../record/series.ts';
import type { Study } from './study.ts';
import { ranked, type Trial } from './trial.ts';
import { trialsOf } from './trials.ts';

type StudyIn = (record: Pick<RunRecord, 'options'>) => Study;

export function narrowingClaims(studyIn: StudyIn): Claim[] {
  return [narrowingHelps(studyIn), roundsHelp(studyIn)];
}

/** A trial by its accuracy; 0 of one that diverged. */
export interface Tried {
  readonly lrExponent: number;
  readonly value: number;
}

/** Those that have ended. */
function ended(study: Study, record: RunRecord): Trial[] {
  return trialsOf(study, record).filter(({ state }) => state !== 'interrupted');
}

const triedOf = ({ point, value, state }: Trial): Tried => ({
  lrExponent: point.lr ?? Number.NaN,
  value: state === 'diverged' ? 0 : value,
});

/** Both rounds raise the mean accuracy of trials that had no say in them. */
function narrowingHelps(studyIn: StudyIn): Claim {
  return {
    id: 'narrowing-helps',
    text: {
      en: 'Narrowing the range of learning rates to the best trials, twice, raises the mean accuracy of other trials that lie in it, each time.',
      ko: '학습률의 범위를 좋은 시행이 있는 쪽으로 두 번 좁히면, 그 범위에 든 다른 시행들의 평균 정확도가 매번 높아진다.',
      ja: '学習率の範囲を良い試行のあるところへ 2 度狭めると、その範囲に入る別の試行の平均正解率が毎回上がる。',
    },
    otherwise: {
      en: 'This run does not show that narrowing the range of learning rates raises the accuracy of other trials that lie in it.',
      ko: '이번 실행만으로는 학습률의 범위를 좁히면 그 안의 다른 시행들의 정확도가 높아진다고 말할 수 없다.',
      ja: 'この実行からは、学習率の範囲を狭めるとその中の別の試行の正解率が上がるとは言えない。',
    },
    // Thirds of trials that know nothing of each other; records from before there were samplers are of such trials.
    concerns: ({ sampler = 'random', pruner = 'none', space = 'book' }) =>
      sampler === 'random' && pruner === 'none' && space === 'book',
    test(record) {
      const [whole, first, second] = narrowingRounds(ended(studyIn(record), record).map(triedOf));
      return {
        effects: { firstRoundGain: first.accuracy - whole.accuracy, secondRoundGain: second.accuracy - first.accuracy },
        evidence: {
          accuracyWhole: whole.accuracy,
          accuracyFirst: first.accuracy,
          accuracySecond: second.accuracy,
          lrDecadesFirst: first.decades,
          lrDecadesSecond: second.decades,
          trialsFirst: first.count,
          trialsSecond: second.count,
        },
      };
    },
  };
}

/** The same of rounds that were really made. */
function roundsHelp(studyIn: StudyIn): Claim {
  return {
    id: 'rounds-help',
    text: {
      en: 'Narrowing the ranges round by round raises the mean accuracy of the trials: in the second round, and further in the last.',
      ko: '범위를 단계마다 좁히면 시행들의 평균 정확도가 두 번째 단계에서 높아지고, 마지막 단계에서 더 높아진다.',
      ja: '範囲を段階ごとに狭めると、試行の平均正解率は 2 段階目で上がり、最後の段階ではさらに上がる。',
    },
    otherwise: {
      en: 'This run does not show that narrowing the ranges round by round raises the mean accuracy of the trials.',
      ko: '이번 실행만으로는 범위를 단계마다 좁히면 시행들의 평균 정확도가 높아진다고 말할 수 없다.',
      ja: 'この実行からは、範囲を段階ごとに狭めると試行の平均正解率が上がるとは言えない。',
    },
    concerns: ({ sampler, pruner }) => sampler === 'narrowing' && pruner === 'none',
    test(record) {
      const trials = ended(studyIn(record), record);
      const last = trials.at(-1)?.round ?? 0;
      const meanOf = (round: number) =>
        mean(trials.filter((trial) => trial.round === round).map((trial) => triedOf(trial).value));
      const [first, second, final] = [meanOf(0), meanOf(1), meanOf(Math.max(2, last))];
      return {
        effects: { secondRoundRise: second - first, lastRoundRise: final - second },
        evidence: {
          accuracyFirstRound: first,
          accuracySecondRound: second,
          accuracyLastRound: final,
          rounds: last + 1,
        },
      };
    },
  };
}

/** Ends of a range of exponents of the learning rate. */
type Range = readonly [low: number, high: number];

/** The smallest range that holds some trials. Weight decay is left alone: over the book's range it decides nothing. */
function rangeOf(trials: readonly Tried[]): Range {
  const exponents = trials.map(({ lrExponent }) => lrExponent);
  return [Math.min(...exponents), Math.max(...exponents)];
}

const isIn =
  ([low, high]: Range) =>
  ({ lrExponent }: Tried) =>
    lrExponent >= low && lrExponent <= high;

const bestThird = (trials: readonly Tried[]) => ranked(trials).slice(0, Math.ceil(trials.length / 3));

/** Where the search went in a round. */
export interface Round {
  /** Width of the range in decades of the learning rate. */
  readonly decades: number;
  /** Mean accuracy of the trials kept out that lie in the range. NaN where none does. */
  readonly accuracy: number;
  readonly count: number;
}

/**
 * The whole range, then two rounds: the range of the best third of the trials' first third; the range of the best third of
 * those of their first two thirds that lie in it. The last third of the trials has no say, and is what every range is judged by.
 */
export function narrowingRounds(trials: readonly Tried[]): [whole: Round, first: Round, second: Round] {
  const third = Math.floor(trials.length / 3);
  const [early, seen, keptOut] = [trials.slice(0, third), trials.slice(0, 2 * third), trials.slice(2 * third)];
  const first = rangeOf(bestThird(early));
  const second = rangeOf(bestThird(seen.filter(isIn(first))));
  const round = (range: Range): Round => {
    const inside = keptOut.filter(isIn(range));
    return {
      decades: range[1] - range[0],
      accuracy: mean(inside.map(({ value }) => value)),
      count: inside.length,
    };
  };
  return [round(rangeOf(trials)), round(first), round(second)];
}
