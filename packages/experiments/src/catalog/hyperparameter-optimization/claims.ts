// Claims of the search: narrowing the range of learning rates raises the accuracy of trials that did not determine the range.
import { claimTexts } from '../../i18n/index.ts';
import type { Claim } from '../../record/claims.ts';
import type { RunRecord } from '../../record/record.ts';
import { mean } from '../../record/series.ts';
import { type Study, trialsIn } from '../../search/study.ts';
import { ranked } from '../../search/trial.ts';

/** A trial that has ended, with its accuracy: 0 if it diverged. */
interface EndedTrial {
  readonly lrExponent: number;
  readonly value: number;
  readonly round: number;
}

/** Creates the claims. `studyIn` returns the study of a record. */
export function narrowingClaims(studyIn: (record: RunRecord) => Study): Claim[] {
  return [
    {
      ...claimTexts('search.narrowing-claims.narrowing-helps'),
      // The trials must be independent. Records without these options are from random search.
      appliesTo: ({ sampler = 'random', pruner = 'none', space = 'book' }) =>
        sampler === 'random' && pruner === 'none' && space === 'book',
      test(record) {
        const [whole, first, second] = simulateNarrowing(endedTrials(studyIn(record), record));
        return {
          effects: {
            firstRoundGain: first.accuracy - whole.accuracy,
            secondRoundGain: second.accuracy - first.accuracy,
          },
          evidence: {
            accuracyWhole: whole.accuracy,
            accuracyFirst: first.accuracy,
            accuracySecond: second.accuracy,
            lrDecadesFirst: first.decades,
            lrDecadesSecond: second.decades,
            trialsFirst: first.count,
            trialsSecond: second.count,
          },
          marks: [first, second].map(({ range }) => ({ figure: 'slice', panel: 0, x: range })),
        };
      },
    },
    {
      ...claimTexts('search.narrowing-claims.rounds-help'),
      appliesTo: ({ sampler, pruner }) => sampler === 'narrowing' && pruner === 'none',
      test(record) {
        const trials = endedTrials(studyIn(record), record);
        const last = trials.at(-1)?.round ?? 0;
        const meanOf = (round: number) =>
          mean(trials.filter((trial) => trial.round === round).map(({ value }) => value));
        const accuracyFirstRound = meanOf(0);
        const accuracySecondRound = meanOf(1);
        const accuracyLastRound = meanOf(Math.max(2, last));
        return {
          effects: {
            secondRoundRise: accuracySecondRound - accuracyFirstRound,
            lastRoundRise: accuracyLastRound - accuracySecondRound,
          },
          evidence: { accuracyFirstRound, accuracySecondRound, accuracyLastRound, rounds: last + 1 },
        };
      },
    },
  ];
}

function endedTrials(study: Study, record: RunRecord): EndedTrial[] {
  return trialsIn(study, record)
    .filter(({ state }) => state !== 'interrupted')
    .map(({ point, value, state, round }) => ({
      lrExponent: point.lr ?? Number.NaN,
      value: state === 'diverged' ? 0 : value,
      round,
    }));
}

/** A range of exponents of the learning rate. */
type Range = readonly [low: number, high: number];

/** Returns the smallest range that contains some trials. Weight decay is ignored: over the book's range it has no effect. */
function smallestRange(trials: readonly EndedTrial[]): Range {
  const exponents = trials.map(({ lrExponent }) => lrExponent);
  return [Math.min(...exponents), Math.max(...exponents)];
}

const isIn =
  ([low, high]: Range) =>
  ({ lrExponent }: EndedTrial) =>
    lrExponent >= low && lrExponent <= high;

const bestThird = (trials: readonly EndedTrial[]) => ranked(trials).slice(0, Math.ceil(trials.length / 3));

/** The range of a simulated round and its evaluation. */
interface SimulatedRound {
  readonly range: Range;
  /** Width of the range in decades of the learning rate. */
  readonly decades: number;
  /** Mean accuracy of the held-out trials in the range; NaN if there are none. */
  readonly accuracy: number;
  /** Number of held-out trials in the range. */
  readonly count: number;
}

/**
 * Simulates two rounds of narrowing with independent trials: the range of the best third of the first third of the trials, then the
 * range of the best third of the first two thirds inside that range. The last third is held out and evaluates both, and the whole range.
 */
function simulateNarrowing(
  trials: readonly EndedTrial[],
): [whole: SimulatedRound, first: SimulatedRound, second: SimulatedRound] {
  const third = Math.floor(trials.length / 3);
  const heldOut = trials.slice(2 * third);
  const first = smallestRange(bestThird(trials.slice(0, third)));
  const second = smallestRange(bestThird(trials.slice(0, 2 * third).filter(isIn(first))));
  const evaluate = (range: Range): SimulatedRound => {
    const inside = heldOut.filter(isIn(range));
    return {
      range,
      decades: range[1] - range[0],
      accuracy: mean(inside.map(({ value }) => value)),
      count: inside.length,
    };
  };
  return [evaluate(smallestRange(trials)), evaluate(first), evaluate(second)];
}
