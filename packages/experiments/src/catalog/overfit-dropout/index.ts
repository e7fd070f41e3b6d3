// Does dropout keep a network from learning its examples by heart? The book's section 6.4.3.

import { defineExperiment } from '../../experiment.ts';
import { message } from '../../i18n/index.ts';
import { optimizerSpec } from '../../options/optimizer.ts';
import { choice, withDefault } from '../../options/options.ts';
import { epochTask } from '../../options/training.ts';
import type { Text } from '../../text.ts';
import { dropoutLesson } from '../shared/generalization-lessons.ts';
import { movesTestAccuracy, narrowsGap, overfittingFigure, overfittingOptions } from '../shared/overfitting.ts';

const title: Text = message('overfit-dropout.title');

export const overfitDropout = defineExperiment({
  name: 'overfit_dropout',
  title,
  question: message('overfit-dropout.question'),
  lesson: dropoutLesson,
  data: 'mnist',
  options: {
    preset: choice({
      default: 'book',
      choices: ['book', 'helpful'],
      label: message('overfitting.preset.label'),
      help: message('overfit-dropout.preset.help'),
    }),
    ...overfittingOptions,
    hiddenSizes: withDefault(overfittingOptions.hiddenSizes, [100, 100, 100, 100, 100, 100], { helpful: [100, 100] }),
    epochs: withDefault(overfittingOptions.epochs, 301, { helpful: 200 }),
    evaluateEvery: withDefault(overfittingOptions.evaluateEvery, 1, { helpful: 5 }),
    lr: withDefault(overfittingOptions.lr, 0.01, { helpful: 0.1 }),
    dropout: withDefault(overfittingOptions.dropout, 0.2, { helpful: 0.3 }),
  },
  arms(options, seed) {
    return [...new Set([0, options.dropout])].map((dropout) => ({
      name: dropout === 0 ? 'no dropout' : `dropout ${dropout}`,
      seed,
      task: epochTask(
        { ...options, dropout },
        { optimizer: optimizerSpec(options), measures: ['train', 'test'], bookEnds: 'with-epoch' },
      ),
    }));
  },
  figures: (record) => [overfittingFigure(record, title)],
  claims: [
    narrowsGap({
      id: 'dropout-narrows-gap',
      text: message('overfit-dropout.dropout-narrows-gap.text'),
      otherwise: message('overfit-dropout.dropout-narrows-gap.otherwise'),
    }),
    movesTestAccuracy('falls', {
      id: 'dropout-lowers-test-accuracy',
      text: message('overfit-dropout.dropout-lowers-test-accuracy.text'),
      otherwise: message('overfit-dropout.dropout-lowers-test-accuracy.otherwise'),
    }),
    movesTestAccuracy('rises', {
      id: 'dropout-raises-test-accuracy',
      text: message('overfit-dropout.dropout-raises-test-accuracy.text'),
      otherwise: message('overfit-dropout.dropout-raises-test-accuracy.otherwise'),
    }),
  ],
});
