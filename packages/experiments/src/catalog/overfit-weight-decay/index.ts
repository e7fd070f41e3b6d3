// How weight decay changes overfitting. Section 6.4.2 of the book.
import { defineExperiment } from '../../experiment.ts';
import { claimTexts, message } from '../../i18n/index.ts';
import { optimizerSpec } from '../../options/optimizer.ts';
import { withDefault, withMain } from '../../options/options.ts';
import { epochTask } from '../../options/training.ts';
import { math } from '../shared/lesson.ts';
import {
  overfittingClaims,
  overfittingFigure,
  overfittingLesson,
  overfittingOptions,
  overfittingPredict,
} from '../shared/overfitting.ts';

const title = message('overfit-weight-decay.title');
const options = overfittingOptions(message('overfit-weight-decay.preset.help'));

export const overfitWeightDecay = defineExperiment({
  name: 'overfit_weight_decay',
  section: '6.4.2',
  title,
  question: message('overfit-weight-decay.question'),
  lesson: overfittingLesson({
    text: message('overfit-weight-decay.lesson.weight-decay'),
    formula: math('w ← w − η ( g + λ w )'),
  }),
  data: 'mnist',
  options: withMain(
    {
      ...options,
      epochs: withDefault(options.epochs, 201, { helpful: 300 }),
      evaluateEvery: withDefault(options.evaluateEvery, 1, { helpful: 5 }),
      lr: withDefault(options.lr, 0.01, { helpful: 0.03 }),
      weightDecay: withDefault(options.weightDecay, 0.1, { helpful: 0.01 }),
    },
    ['preset', 'weightDecay', 'lr', 'epochs', 'trainSamples', 'hiddenSizes'],
  ),
  arms(options, seed) {
    return [...new Set([0, options.weightDecay])].map((weightDecay) => ({
      name: `λ=${weightDecay}`,
      seed,
      task: epochTask(options, {
        optimizer: optimizerSpec({ ...options, weightDecay }),
        measures: ['train', 'test'],
        bookEnds: 'with-measurement',
      }),
    }));
  },
  figures: (record) => [overfittingFigure(record, title)],
  predict: overfittingPredict(message('overfitting.predict.without-decay'), message('overfitting.predict.with-decay')),
  claims: overfittingClaims({
    narrowsGap: claimTexts('overfit-weight-decay.weight-decay-narrows-gap'),
    lowersTest: claimTexts('overfit-weight-decay.weight-decay-lowers-test-accuracy'),
    raisesTest: claimTexts('overfit-weight-decay.weight-decay-raises-test-accuracy'),
  }),
});
