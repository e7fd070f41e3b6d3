// What the two experiments on overfitting share: few training images, and two arms, without and with regularization.
import { accuracyAxis, accuracyCurve, epochAxis } from '../../figure/curves.ts';
import type { Figure } from '../../figure/figure.ts';
import { type Mark, seriesMark } from '../../figure/marks.ts';
import { message } from '../../i18n/index.ts';
import { networkOptions } from '../../options/network.ts';
import { optimizerOptions } from '../../options/optimizer.ts';
import { choice, withDefault } from '../../options/options.ts';
import { dataOptions, epochOptions } from '../../options/training.ts';
import type { Claim } from '../../record/claims.ts';
import type { Predict } from '../../record/predict.ts';
import type { RunRecord } from '../../record/record.ts';
import { mean, valuesOf } from '../../record/series.ts';
import { type Text, toText } from '../../text.ts';
import type { Lesson, Statement } from './lesson.ts';

/** Creates the options of both experiments, with the settings of the book as defaults. */
export function overfittingOptions(presetHelp: Text) {
  return {
    preset: choice({
      default: 'book',
      choices: ['book', 'helpful'],
      label: message('overfitting.preset.label'),
      help: presetHelp,
    }),
    ...networkOptions,
    hiddenSizes: withDefault(networkOptions.hiddenSizes, [100, 100, 100, 100, 100, 100]),
    ...epochOptions,
    ...dataOptions,
    batchSize: withDefault(dataOptions.batchSize, 100),
    trainSamples: withDefault(dataOptions.trainSamples, 300),
    ...optimizerOptions,
  };
}

export function overfittingLesson(statement: Statement): Lesson {
  return {
    watch: message('overfitting.lesson.watch'),
    theory: [{ text: message('overfitting.lesson.gap') }, statement],
  };
}

/** Draws one panel per arm, with the accuracy on the training images and on the test images. */
export function overfittingFigure(record: RunRecord, title: Text): Figure {
  return {
    id: 'accuracy',
    title,
    caption: message('overfitting.accuracy.caption'),
    columns: Math.max(1, Math.min(2, record.arms.length)),
    panels: record.arms.map((arm) => ({
      kind: 'line',
      title: toText(() => arm.name),
      x: epochAxis(record),
      y: accuracyAxis,
      gap: { between: ['test', 'train'], last: LAST_MEASUREMENTS },
      curves: [
        ...accuracyCurve(record, arm, 'trainAccuracy', 'train'),
        ...accuracyCurve(record, arm, 'testAccuracy', 'test'),
      ],
    })),
  };
}

/** Creates the question of both experiments, with the names of the network without and with regularization. */
export function overfittingPredict(without: Text, withIt: Text): Predict {
  return {
    question: message('overfitting.predict.question'),
    choices: [
      { id: 'without', label: without },
      { id: 'with', label: withIt },
    ],
    measure: message('overfitting.predict.measure'),
    best: 'highest',
    values(record) {
      const { testWithout, testWith } = meanAccuracies(record);
      return { without: testWithout, with: testWith };
    },
  };
}

type ClaimTexts = Pick<Claim, 'id' | 'text' | 'otherwise'>;

/** Creates the claims of both experiments: whether test accuracy should fall or rise depends on the preset. */
export function overfittingClaims(texts: Record<'narrowsGap' | 'lowersTest' | 'raisesTest', ClaimTexts>): Claim[] {
  return [
    {
      ...texts.narrowsGap,
      test(record) {
        const accuracies = meanAccuracies(record);
        const marks = accuracyMarks(record, { train: 'trainAccuracy', test: 'testAccuracy' });
        const gapWithout = accuracies.trainWithout - accuracies.testWithout;
        const gapWith = accuracies.trainWith - accuracies.testWith;
        return {
          effects: { gapNarrowedBy: gapWithout - gapWith },
          evidence: { gapWithout, gapWith, ...accuracies },
          marks,
        };
      },
    },
    {
      ...texts.lowersTest,
      appliesTo: ({ preset }) => preset === 'book',
      test(record) {
        const evidence = meanAccuracies(record);
        return {
          effects: { testAccuracyFallsBy: evidence.testWithout - evidence.testWith },
          evidence,
          marks: testMarks(record),
        };
      },
    },
    {
      ...texts.raisesTest,
      appliesTo: ({ preset }) => preset === 'helpful',
      test(record) {
        const evidence = meanAccuracies(record);
        return {
          effects: { testAccuracyRisesBy: evidence.testWith - evidence.testWithout },
          evidence,
          marks: testMarks(record),
        };
      },
    },
  ];
}

/** Measurements to average at the end, so that a single epoch does not decide. */
const LAST_MEASUREMENTS = 10;

/** Marks the last measurements of some curves in the panel of every arm. */
function accuracyMarks(record: RunRecord, measures: Readonly<Record<string, string>>): Mark[] {
  return record.arms.map(({ name }) => {
    const curves = Object.fromEntries(
      Object.entries(measures).map(([curve, measure]) => [curve, [name, measure] as const]),
    );
    return seriesMark(record, { figure: 'accuracy', panel: name, curves, last: LAST_MEASUREMENTS, isOverEpochs: true });
  });
}

const testMarks = (record: RunRecord) => accuracyMarks(record, { test: 'testAccuracy' });

function meanAccuracies(record: RunRecord) {
  const lastMean = (arm: number, measure: string) =>
    mean(valuesOf(record, record.arms[arm]?.name ?? '', measure).slice(-LAST_MEASUREMENTS));
  return {
    trainWithout: lastMean(0, 'trainAccuracy'),
    testWithout: lastMean(0, 'testAccuracy'),
    trainWith: lastMean(1, 'trainAccuracy'),
    testWith: lastMean(1, 'testAccuracy'),
  };
}
