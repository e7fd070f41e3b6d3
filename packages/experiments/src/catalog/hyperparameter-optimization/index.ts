// Which learning rate and weight decay? A search. The book's section 6.5, at random by default; other ways are options.

import { defineExperiment } from '../../experiment.ts';
import { message } from '../../i18n/index.ts';
import { networkOptions } from '../../options/network.ts';
import { type OptimizerSettings, optimizerOptions, optimizerSpec } from '../../options/optimizer.ts';
import { type Options, parseOptions, withDefault } from '../../options/options.ts';
import { checkSearch, prunerSpec, samplerSpec, searchOptions, spaceOptions } from '../../options/search.ts';
import { dataOptions, epochOptions, epochTask } from '../../options/training.ts';
import type { RunRecord } from '../../record/record.ts';
import { searchFigures } from '../../search/figures/index.ts';
import { narrowingClaims } from '../../search/narrowing-claims.ts';
import { type Space, valuesAt } from '../../search/space.ts';
import { type Study, scheduleStudy } from '../../search/study.ts';
import { sampledValues } from '../../search/trial.ts';
import { stepsPerEpoch } from '../../training/epoch.ts';
import { searchLesson } from '../shared/generalization-lessons.ts';

const { lr: _, weightDecay: __, ...optimizer } = optimizerOptions;

const options = {
  ...networkOptions,
  hiddenSizes: withDefault(networkOptions.hiddenSizes, [100, 100, 100, 100, 100, 100]),
  ...spaceOptions,
  ...searchOptions,
  ...epochOptions,
  epochs: withDefault(epochOptions.epochs, 50),
  ...dataOptions,
  batchSize: withDefault(dataOptions.batchSize, 100),
  trainSamples: withDefault(dataOptions.trainSamples, 500),
  ...optimizer,
};

type SearchOptions = Options<typeof options>;

export const hyperparameterOptimization = defineExperiment({
  name: 'hyperparameter_optimization',
  title: message('hyperparameter-optimization.title'),
  question: message('hyperparameter-optimization.question'),
  lesson: searchLesson,
  data: 'mnist',
  options,
  arms: (settings, seed) => [...scheduleStudy(studyOf(settings), seed).next(new Map()).arms],
  check: checkSearch,
  study: studyOf,
  figures: (record) => searchFigures(studyIn(record), record),
  claims: narrowingClaims(studyIn),
});

function studyOf(settings: SearchOptions): Study {
  const { validationShare, trials, roundSize } = settings;
  const space = spaceOf(settings);
  const task = epochTask(settings, {
    optimizer: optimizerSpec({ ...settings, lr: 0, weightDecay: 0 }),
    measures: ['train', 'validation'],
    bookEnds: 'with-epoch',
    validationShare,
  });
  return {
    space,
    sampler: samplerSpec(settings),
    pruner: prunerSpec(settings, stepsPerEpoch(settings)),
    trials,
    roundSize,
    measure: 'validationAccuracy',
    steps: task.steps,
    nameOf: (index) => `trial ${index + 1}`,
    task(point) {
      const { width, ...rule } = valuesAt(space, point) as { width?: number } & Pick<
        OptimizerSettings,
        'lr' | 'weightDecay'
      >;
      const { network } = task as { network: { hiddenSizes: readonly number[] } } & typeof task;
      const hiddenSizes = network.hiddenSizes.map((size) => width ?? size);
      return {
        ...task,
        network: { ...network, hiddenSizes },
        optimizer: optimizerSpec({ ...settings, ...rule }),
        trial: sampledValues(space, point),
      };
    },
  };
}

/** The study that a record is of; one from before an option existed has its default. */
function studyIn({ options: settings }: Pick<RunRecord, 'options'>): Study {
  return studyOf(parseOptions(options, settings));
}

/** The book's two dimensions, or those of an optimizer: its rule, what that rule asks for, and the width of the network. */
function spaceOf({ space, lrLow, lrHigh, weightDecayLow, weightDecayHigh }: SearchOptions): Space {
  const lr = { kind: 'float', name: 'lr', low: lrLow, high: lrHigh, log: true } as const;
  const weightDecay = {
    kind: 'float',
    name: 'weightDecay',
    low: weightDecayLow,
    high: weightDecayHigh,
    log: true,
  } as const;
  if (space === 'book') return [lr, weightDecay];
  return [
    { kind: 'categorical', name: 'optimizer', choices: ['sgd', 'momentum', 'adam'] },
    lr,
    { kind: 'float', name: 'momentum', low: 0.5, high: 0.99, when: { name: 'optimizer', is: ['momentum'] } },
    weightDecay,
    { kind: 'int', name: 'width', low: 20, high: 200, log: true },
  ];
}
