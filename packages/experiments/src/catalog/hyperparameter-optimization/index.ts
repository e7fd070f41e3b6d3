// A search for learning rate and weight decay: random as in section 6.5 of the book, with other samplers and pruners as options.
import { defineExperiment } from '../../experiment.ts';
import { message } from '../../i18n/index.ts';
import { networkOptions } from '../../options/network.ts';
import { type OptimizerSettings, optimizerOptions, optimizerSpec, ruleOptions } from '../../options/optimizer.ts';
import { inGroup, never, type Options, withDefault, withMain } from '../../options/options.ts';
import { checkSearch, prunerSpec, samplerSpec, searchOptions, spaceOptions } from '../../options/search.ts';
import { dataOptions, epochOptions, epochTask } from '../../options/training.ts';
import type { RunRecord } from '../../record/record.ts';
import { completedTrials } from '../../search/figures/completed-trials.ts';
import { searchFigures } from '../../search/figures/index.ts';
import { type Space, valuesAt } from '../../search/space.ts';
import { type Study, scheduleStudy } from '../../search/study.ts';
import { ranked, sampledValues } from '../../search/trial.ts';
import { toText } from '../../text.ts';
import type { ClassifierTask } from '../../training/arm.ts';
import { stepsPerEpoch } from '../../training/epoch.ts';
import { math, sup } from '../shared/lesson.ts';
import { narrowingClaims } from './claims.ts';

/** The larger space samples the optimizer, with the learning rate and the momentum, and the weight decay. */
const optimizer = inGroup('optimizer', {
  optimizer: { ...optimizerOptions.optimizer, when: ({ space }) => space === 'book' },
  ...ruleOptions(({ space, optimizer }, rules) => rules.includes(space === 'book' ? String(optimizer) : 'adam')),
});

const options = withMain(
  {
    ...networkOptions,
    hiddenSizes: withDefault(networkOptions.hiddenSizes, [100, 100, 100, 100, 100, 100]),
    ...spaceOptions,
    ...searchOptions,
    ...epochOptions,
    epochs: withDefault(epochOptions.epochs, 50),
    ...dataOptions,
    batchSize: withDefault(dataOptions.batchSize, 100),
    trainSamples: withDefault(dataOptions.trainSamples, 500),
    testSamples: { ...dataOptions.testSamples, when: never },
    ...optimizer,
  },
  ['trials', 'space', 'sampler', 'pruner', 'epochs'],
);

type SearchOptions = Options<typeof options>;

export const hyperparameterOptimization = defineExperiment({
  name: 'hyperparameter_optimization',
  section: '6.5',
  title: message('hyperparameter-optimization.title'),
  question: message('hyperparameter-optimization.question'),
  lesson: {
    watch: message('hyperparameter-optimization.lesson.watch'),
    theory: [
      {
        text: message('hyperparameter-optimization.lesson.random-exponents'),
        formula: math('η =', sup('10', 'u'), ', u ∼ U ( a , b )'),
      },
    ],
  },
  data: 'mnist',
  options,
  arms: (settings, seed) => [...scheduleStudy(createStudy(settings), seed).next(new Map()).arms],
  check: checkSearch,
  study: createStudy,
  figures: (record) => searchFigures(studyIn(record), record),
  predict: {
    question: message('hyperparameter-optimization.predict.question'),
    choices: ['< 10⁻⁵', '10⁻⁵ – 10⁻⁴', '10⁻⁴ – 10⁻³', '> 10⁻³'].map((range) => ({
      id: range,
      label: toText(() => range),
    })),
    measure: message('hyperparameter-optimization.predict.measure'),
    best: [1e-5, 1e-4, 1e-3],
    values(record) {
      const study = studyIn(record);
      const [best] = ranked(completedTrials(study, record));
      return { value: best ? Number(valuesAt(study.space, best.point).lr) : Number.NaN };
    },
  },
  claims: narrowingClaims(studyIn),
});

function createStudy(settings: SearchOptions): Study {
  const { validationShare, trials, roundSize } = settings;
  const space = createSpace(settings);
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
      const { width, ...rule } = valuesAt(space, point) as SampledSettings;
      const hiddenSizes = settings.hiddenSizes.map((size) => width ?? size);
      return {
        ...task,
        network: { ...task.network, hiddenSizes } as ClassifierTask['network'],
        optimizer: optimizerSpec({ ...settings, ...rule }),
        trial: sampledValues(space, point),
      };
    },
  };
}

type SampledSettings = Pick<OptimizerSettings, 'lr' | 'weightDecay'> & { readonly width?: number };

/** Returns the study of a record, which has every option. */
function studyIn({ options: settings }: RunRecord): Study {
  return createStudy(settings as SearchOptions);
}

/** Creates the book's space of two dimensions, or one with the optimizer, its momentum and the width of the network as well. */
function createSpace({ space, lrLow, lrHigh, weightDecayLow, weightDecayHigh }: SearchOptions): Space {
  const lr = { kind: 'float', name: 'lr', low: lrLow, high: lrHigh, log: true } as const;
  const decayRange = { low: weightDecayLow, high: weightDecayHigh };
  const weightDecay = { kind: 'float', name: 'weightDecay', ...decayRange, log: true } as const;
  if (space === 'book') return [lr, weightDecay];
  return [
    { kind: 'categorical', name: 'optimizer', choices: ['sgd', 'momentum', 'adam'] },
    lr,
    { kind: 'float', name: 'momentum', low: 0.5, high: 0.99, when: { name: 'optimizer', is: ['momentum'] } },
    weightDecay,
    { kind: 'int', name: 'width', low: 20, high: 200, log: true },
  ];
}
