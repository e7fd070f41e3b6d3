// How dropout changes overfitting. Section 6.4.3 of the book.
import { defineExperiment } from '../../experiment.ts';
import { claimTexts, message } from '../../i18n/index.ts';
import { optimizerSpec } from '../../options/optimizer.ts';
import { withDefault, withMain } from '../../options/options.ts';
import { epochTask } from '../../options/training.ts';
import { frac, math } from '../shared/lesson.ts';
import {
  overfittingClaims,
  overfittingFigure,
  overfittingLesson,
  overfittingOptions,
  overfittingPredict,
} from '../shared/overfitting.ts';

const title = message('overfit-dropout.title');
const options = overfittingOptions(message('overfit-dropout.preset.help'));

export const overfitDropout = defineExperiment({
  name: 'overfit_dropout',
  section: '6.4.3',
  title,
  question: message('overfit-dropout.question'),
  lesson: overfittingLesson({
    text: message('overfit-dropout.lesson.dropout'),
    formula: math('y =', frac('x', '1 − p')),
  }),
  data: 'mnist',
  options: withMain(
    {
      ...options,
      hiddenSizes: withDefault(options.hiddenSizes, [100, 100, 100, 100, 100, 100], { helpful: [100, 100] }),
      epochs: withDefault(options.epochs, 301, { helpful: 200 }),
      evaluateEvery: withDefault(options.evaluateEvery, 1, { helpful: 5 }),
      lr: withDefault(options.lr, 0.01, { helpful: 0.1 }),
      dropout: withDefault(options.dropout, 0.2, { helpful: 0.3 }),
    },
    ['preset', 'dropout', 'lr', 'epochs', 'trainSamples', 'hiddenSizes'],
  ),
  arms(options, seed) {
    const plan = { optimizer: optimizerSpec(options), measures: ['train', 'test'], bookEnds: 'with-epoch' } as const;
    return [...new Set([0, options.dropout])].map((dropout) => ({
      name: dropout === 0 ? 'no dropout' : `dropout ${dropout}`,
      seed,
      task: epochTask({ ...options, dropout }, plan),
    }));
  },
  figures: (record) => [overfittingFigure(record, title)],
  predict: overfittingPredict(
    message('overfitting.predict.without-dropout'),
    message('overfitting.predict.with-dropout'),
  ),
  claims: overfittingClaims({
    narrowsGap: claimTexts('overfit-dropout.dropout-narrows-gap'),
    lowersTest: claimTexts('overfit-dropout.dropout-lowers-test-accuracy'),
    raisesTest: claimTexts('overfit-dropout.dropout-raises-test-accuracy'),
  }),
});
