// What the two experiments on overfitting share: a few images, two arms, accuracies on what was seen and what was not.

import { accuracyAxis, accuracyCurve, epochAxis } from '../../figure/accuracy-curve.ts';
import type { Figure } from '../../figure/figure.ts';
import { message } from '../../i18n/index.ts';
import { networkOptions } from '../../options/network.ts';
import { optimizerOptions } from '../../options/optimizer.ts';
import { withDefault } from '../../options/options.ts';
import { dataOptions, epochOptions } from '../../options/training.ts';
import type { Claim } from '../../record/claims.ts';
import type { RunRecord } from '../../record/record.ts';
import { lastMean, valuesOf } from '../../record/series.ts';
import type { Text } from '../../text.ts';

/** The book's settings for both. */
export const overfittingOptions = {
  ...networkOptions,
  hiddenSizes: withDefault(networkOptions.hiddenSizes, [100, 100, 100, 100, 100, 100]),
  ...epochOptions,
  ...dataOptions,
  batchSize: withDefault(dataOptions.batchSize, 100),
  trainSamples: withDefault(dataOptions.trainSamples, 300),
  ...optimizerOptions,
};

/** A panel an arm, with the accuracy on what it has learnt from and on what it has not seen. */
export function overfittingFigure(record: RunRecord, title: Text): Figure {
  return {
    id: 'accuracy',
    title,
    caption: message('overfitting.accuracy.caption'),
    columns: Math.max(1, Math.min(2, record.arms.length)),
    panels: record.arms.map((arm) => ({
      kind: 'line',
      title: { en: arm.name, ko: arm.name, ja: arm.name },
      x: epochAxis,
      y: accuracyAxis,
      curves: [
        ...accuracyCurve(record, arm, 'trainAccuracy', 'train'),
        ...accuracyCurve(record, arm, 'testAccuracy', 'test'),
      ],
    })),
  };
}

/** Accuracies are means over the last so many measurements: one epoch more or less should not decide. */
const LAST = 10;

interface Accuracies {
  readonly train: number;
  readonly test: number;
}

interface Pair {
  readonly off: Accuracies;
  readonly on: Accuracies;
}

/** The first arm is without regularisation, the second with it. */
function pairOf(record: RunRecord): Pair {
  const accuracies = (arm: string | undefined) => ({
    train: lastMean(valuesOf(record, arm ?? '', 'trainAccuracy'), LAST),
    test: lastMean(valuesOf(record, arm ?? '', 'testAccuracy'), LAST),
  });
  return { off: accuracies(record.arms[0]?.name), on: accuracies(record.arms[1]?.name) };
}

function evidenceOf({ off, on }: Pair): Record<string, number> {
  return { trainWithout: off.train, testWithout: off.test, trainWith: on.train, testWith: on.test };
}

type Sentences = Pick<Claim, 'id' | 'text' | 'otherwise'>;

/** Regularisation brings test accuracy nearer to training accuracy. */
export function narrowsGap(sentences: Sentences): Claim {
  return {
    ...sentences,
    test(record) {
      const pair = pairOf(record);
      const [without, withIt] = [pair.off.train - pair.off.test, pair.on.train - pair.on.test];
      return {
        effects: { gapNarrowedBy: without - withIt },
        evidence: { gapWithout: without, gapWith: withIt, ...evidenceOf(pair) },
      };
    },
  };
}

/** Test accuracy itself falls, or rises: which of them is claimed depends on the preset. */
export function movesTestAccuracy(direction: 'falls' | 'rises', sentences: Sentences): Claim {
  const preset = direction === 'falls' ? 'book' : 'helpful';
  return {
    ...sentences,
    concerns: (options) => options.preset === preset,
    test(record) {
      const pair = pairOf(record);
      const gain = pair.on.test - pair.off.test;
      const effects: Record<string, number> =
        direction === 'falls' ? { testAccuracyFallsBy: -gain } : { testAccuracyRisesBy: gain };
      return { effects, evidence: evidenceOf(pair) };
    },
  };
}
