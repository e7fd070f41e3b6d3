// Whether narrowing the range of learning rates helps: trials that had no say in it do better inside.
import { message } from '../i18n/index.ts';
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
export interface CompletedTrial {
  readonly lrExponent: number;
  readonly value: number;
}

/** Those that have ended. */
function ended(study: Study, record: RunRecord): Trial[] {
  return trialsOf(study, record).filter(({ state }) => state !== 'interrupted');
}

const completedTrials = ({ point, value, state }: Trial): CompletedTrial => ({
  lrExponent: point.lr ?? Number.NaN,
  value: state === 'diverged' ? 0 : value,
});

/** Both rounds raise the mean accuracy of trials that had no say in them. */
function narrowingHelps(studyIn: StudyIn): Claim {
  return {
    id: 'narrowing-helps',
    text: message('search.narrowing-claims.narrowing-helps.text'),
    otherwise: message('search.narrowing-claims.narrowing-helps.otherwise'),
    // Thirds of trials that know nothing of each other; records from before there were samplers are of such trials.
    appliesTo: ({ sampler = 'random', pruner = 'none', space = 'book' }) =>
      sampler === 'random' && pruner === 'none' && space === 'book',
    test(record) {
      const [whole, first, second] = narrowingRounds(ended(studyIn(record), record).map(completedTrials));
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
    text: message('search.narrowing-claims.rounds-help.text'),
    otherwise: message('search.narrowing-claims.rounds-help.otherwise'),
    appliesTo: ({ sampler, pruner }) => sampler === 'narrowing' && pruner === 'none',
    test(record) {
      const trials = ended(studyIn(record), record);
      const last = trials.at(-1)?.round ?? 0;
      const meanOf = (round: number) =>
        mean(trials.filter((trial) => trial.round === round).map((trial) => completedTrials(trial).value));
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
function rangeOf(trials: readonly CompletedTrial[]): Range {
  const exponents = trials.map(({ lrExponent }) => lrExponent);
  return [Math.min(...exponents), Math.max(...exponents)];
}

const isIn =
  ([low, high]: Range) =>
  ({ lrExponent }: CompletedTrial) =>
    lrExponent >= low && lrExponent <= high;

const bestThird = (trials: readonly CompletedTrial[]) => ranked(trials).slice(0, Math.ceil(trials.length / 3));

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
export function narrowingRounds(trials: readonly CompletedTrial[]): [whole: Round, first: Round, second: Round] {
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
