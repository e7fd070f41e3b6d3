// Does weight decay keep a network from learning its examples by heart? The book's section 6.4.2.

import { defineExperiment } from '../../experiment.ts';
import { message } from '../../i18n/index.ts';
import { optimizerSpec } from '../../options/optimizer.ts';
import { choice, withDefault } from '../../options/options.ts';
import { epochTask } from '../../options/training.ts';
import type { Text } from '../../text.ts';
import { weightDecayLesson } from '../shared/generalization-lessons.ts';
import { movesTestAccuracy, narrowsGap, overfittingFigure, overfittingOptions } from '../shared/overfitting.ts';

const title: Text = message('overfit-weight-decay.title');

export const overfitWeightDecay = defineExperiment({
  name: 'overfit_weight_decay',
  title,
  question: message('overfit-weight-decay.question'),
  lesson: weightDecayLesson,
  data: 'mnist',
  options: {
    preset: choice({
      default: 'book',
      choices: ['book', 'helpful'],
      label: message('overfitting.preset.label'),
      help: message('overfit-weight-decay.preset.help'),
    }),
    ...overfittingOptions,
    epochs: withDefault(overfittingOptions.epochs, 201, { helpful: 300 }),
    evaluateEvery: withDefault(overfittingOptions.evaluateEvery, 1, { helpful: 5 }),
    lr: withDefault(overfittingOptions.lr, 0.01, { helpful: 0.03 }),
    weightDecay: withDefault(overfittingOptions.weightDecay, 0.1, { helpful: 0.01 }),
  },
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
  claims: [
    narrowsGap({
      id: 'weight-decay-narrows-gap',
      text: message('overfit-weight-decay.weight-decay-narrows-gap.text'),
      otherwise: message('overfit-weight-decay.weight-decay-narrows-gap.otherwise'),
    }),
    movesTestAccuracy('falls', {
      id: 'weight-decay-lowers-test-accuracy',
      text: message('overfit-weight-decay.weight-decay-lowers-test-accuracy.text'),
      otherwise: message('overfit-weight-decay.weight-decay-lowers-test-accuracy.otherwise'),
    }),
    movesTestAccuracy('rises', {
      id: 'weight-decay-raises-test-accuracy',
      text: message('overfit-weight-decay.weight-decay-raises-test-accuracy.text'),
      otherwise: message('overfit-weight-decay.weight-decay-raises-test-accuracy.otherwise'),
    }),
  ],
});
