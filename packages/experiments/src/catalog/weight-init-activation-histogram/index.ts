// The distribution of activations before training, with four initial weights. Section 6.2.2 of the book.

import { defineExperiment } from '../../experiment.ts';
import type { Figure, HistogramPanel } from '../../figure/figure.ts';
import type { Mark } from '../../figure/marks.ts';
import { claimTexts, message, optionTexts } from '../../i18n/index.ts';
import { dialect } from '../../options/dialect.ts';
import { networkOptions } from '../../options/network.ts';
import { float, int, withDefault, withMain } from '../../options/options.ts';
import { namedChoices } from '../../record/predict.ts';
import type { ArmRecord, RunRecord } from '../../record/record.ts';
import { valuesOf } from '../../record/series.ts';
import type { Text } from '../../text.ts';
import type { ActivationsTask, InitSpec } from '../../training/arm.ts';
import { initialWeights } from '../shared/theory.ts';

const activations = ['sigmoid', 'tanh', 'relu'] as const;
const labels = { sigmoid: 'sigmoid', tanh: 'tanh', relu: 'ReLU' };

const stdSlider = { slider: [1e-4, 10], scale: 'log' } as const;

type Activation = (typeof activations)[number];

export const weightInitActivationHistogram = defineExperiment({
  name: 'weight_init_activation_histogram',
  section: '6.2.2',
  title: message('weight-init-activation-histogram.title'),
  question: message('weight-init-activation-histogram.question'),
  lesson: { watch: message('weight-init-activation-histogram.lesson.watch'), theory: initialWeights },
  data: 'none',
  options: withMain(
    {
      dialect,
      inputs: int({
        default: 100,
        min: 1,
        max: 4_096,
        scale: 'log',
        ...optionTexts('weight-init-activation-histogram.inputs'),
      }),
      samples: int({
        default: 1_000,
        min: 1,
        max: 100_000,
        scale: 'log',
        ...optionTexts('weight-init-activation-histogram.samples'),
      }),
      hiddenSizes: { ...withDefault(networkOptions.hiddenSizes, [100, 100, 100, 100, 100]), minLength: 1 },
      largeStd: float({
        default: 1,
        min: 0,
        max: 100,
        ...stdSlider,
        ...optionTexts('weight-init-activation-histogram.large-std'),
      }),
      smallStd: float({
        default: 0.01,
        min: 0,
        max: 100,
        ...stdSlider,
        ...optionTexts('weight-init-activation-histogram.small-std'),
      }),
      bins: int({ default: 30, min: 2, max: 1_000, ...optionTexts('weight-init-activation-histogram.bins') }),
    },
    ['largeStd', 'smallStd', 'hiddenSizes', 'inputs', 'samples', 'bins'],
  ),
  arms(options, seed) {
    const { inputs, samples, hiddenSizes, bins, dialect } = options;
    return activations.flatMap((activation) => {
      const range = activation === 'tanh' && dialect === 'modern' ? ([-1, 1] as const) : ([0, 1] as const);
      const task = { kind: 'activations', steps: 1, inputs, samples, hiddenSizes, activation } as const;
      return namedInits(options).map(([name, init]) => ({
        name: armName(activation, name),
        seed,
        task: { ...task, init, bins, range } satisfies ActivationsTask,
      }));
    });
  },
  figures: (record) => activations.map((activation) => histogramFigure(record, activation)),
  predict: {
    question: message('weight-init-activation-histogram.predict.question'),
    choices: [
      { id: 'large', label: message('predict.large-std') },
      { id: 'small', label: message('predict.small-std') },
      ...namedChoices(['Xavier', 'He']),
    ],
    measure: message('weight-init-activation-histogram.predict.measure'),
    best: 1,
    values(record) {
      const { largeStd, smallStd } = record.options;
      const inits = { large: `σ=${largeStd}`, small: `σ=${smallStd}`, Xavier: 'Xavier', He: 'He' };
      return Object.fromEntries(Object.entries(inits).map(([id, init]) => [id, reluSpread(record, init)]));
    },
  },
  claims: [
    {
      ...claimTexts('weight-init-activation-histogram.large-weights-saturate'),
      test(record) {
        const init = `σ=${record.options.largeStd}`;
        const sigmoidSaturated = lastLayer(record, 'sigmoid', init, 'saturated');
        const tanhSaturated = lastLayer(record, 'tanh', init, 'saturated');
        return {
          effects: { sigmoidAboveHalf: sigmoidSaturated - 0.5, tanhAboveHalf: tanhSaturated - 0.5 },
          evidence: { sigmoidSaturated, tanhSaturated },
          marks: lastPanels(record, ['sigmoid', 'tanh'], init),
        };
      },
    },
    {
      ...claimTexts('weight-init-activation-histogram.small-weights-collapse'),
      test(record) {
        const std = (activation: Activation) => lastLayer(record, activation, `σ=${record.options.smallStd}`, 'std');
        const [sigmoidStd, tanhStd, reluStd] = [std('sigmoid'), std('tanh'), std('relu')];
        return {
          effects: { narrowerThan005: 0.05 - Math.max(sigmoidStd, tanhStd, reluStd) },
          evidence: { sigmoidStd, tanhStd, reluStd },
          marks: lastPanels(record, activations, `σ=${record.options.smallStd}`),
        };
      },
    },
    {
      ...claimTexts('weight-init-activation-histogram.xavier-suits-sigmoid-and-tanh'),
      test(record) {
        const value = (activation: Activation, series: string) => lastLayer(record, activation, 'Xavier', series);
        const [sigmoidStd, tanhStd] = [value('sigmoid', 'std'), value('tanh', 'std')];
        const [sigmoidSaturated, tanhSaturated] = [value('sigmoid', 'saturated'), value('tanh', 'saturated')];
        return {
          effects: {
            widerThan005: Math.min(sigmoidStd, tanhStd) - 0.05,
            saturatedBelow5Percent: 0.05 - Math.max(sigmoidSaturated, tanhSaturated),
          },
          evidence: { sigmoidStd, tanhStd, sigmoidSaturated, tanhSaturated },
          marks: lastPanels(record, ['sigmoid', 'tanh'], 'Xavier'),
        };
      },
    },
    {
      ...claimTexts('weight-init-activation-histogram.he-suits-relu'),
      test(record) {
        const [heKeeps, xavierKeeps] = [reluSpread(record, 'He'), reluSpread(record, 'Xavier')];
        return {
          effects: { heKeepsOverHalf: heKeeps - 0.5, xavierKeepsUnderHalf: 0.5 - xavierKeeps },
          evidence: { heKeeps, xavierKeeps },
          marks: ['He', 'Xavier'].flatMap((init) => lastPanels(record, ['relu'], init)),
        };
      },
    },
  ],
});

type StdOptions = Readonly<Record<'largeStd' | 'smallStd', number>>;

/** Returns the initial weights by name; one for both standard deviations if they are equal. */
function namedInits({ largeStd, smallStd }: StdOptions): [name: string, init: InitSpec][] {
  return [
    ...[...new Set([largeStd, smallStd])].map((std): [string, InitSpec] => [`σ=${std}`, { kind: 'normal', std }]),
    ['Xavier', { kind: 'xavier' }],
    ['He', { kind: 'he' }],
  ];
}

function armName(activation: Activation, init: string): string {
  return `${labels[activation]}, ${init}`;
}

/** Draws one row per initial weights and one panel per layer. */
function histogramFigure(record: RunRecord, activation: Activation): Figure {
  const prefix = armName(activation, '');
  const arms = record.arms.filter(({ name }) => name.startsWith(prefix));
  const panels = arms.flatMap((arm) => layerPanels(arm, arm.name.slice(prefix.length)));
  return {
    id: `activations-${activation}`,
    title: message('weight-init-activation-histogram.histograms.title', { title: labels[activation] }),
    caption: message('weight-init-activation-histogram.histograms.caption'),
    columns: Math.max(4, Math.min(5, panels.length / Math.max(1, arms.length))),
    panels,
  };
}

function layerPanels({ histograms = {}, series }: ArmRecord, init: string): HistogramPanel[] {
  return Object.values(histograms).map(({ low, high, counts }, index) => {
    const inside = counts.reduce((sum, count) => sum + count, 0);
    const total = inside / (1 - (series.beyond?.value[index] ?? 0));
    return {
      kind: 'histogram',
      title: panelTitle(init, index + 1),
      x: { label: message('weight-init-activation-histogram.activation-axis.label'), domain: [low, high] },
      y: { label: message('weight-init-activation-histogram.share-axis.label'), domain: [0, 20] },
      curves: [
        {
          name: init,
          x: counts.map((_, bin) => low + ((high - low) * bin) / counts.length),
          y: counts.map((count) => (inside === 0 ? 0 : (100 * count) / total)),
          role: 'smooth',
        },
      ],
    };
  });
}

/** Returns the standard deviation of ReLU's activations in the last layer ÷ that in the first. */
function reluSpread(record: RunRecord, init: string): number {
  return lastLayer(record, 'relu', init, 'std') / firstLayer(record, 'relu', init, 'std');
}

function panelTitle(init: string, layer: number): Text {
  return message('weight-init-activation-histogram.panel.title', { init, layer });
}

/** Marks the last layer with some initial weights. */
function lastPanels(record: RunRecord, marked: readonly Activation[], init: string): Mark[] {
  const layers = (record.options.hiddenSizes as readonly number[]).length;
  return marked.map((activation) => ({ figure: `activations-${activation}`, panel: panelTitle(init, layers).en }));
}

function firstLayer(record: RunRecord, activation: Activation, init: string, series: string): number {
  return valuesOf(record, armName(activation, init), series)[0] ?? Number.NaN;
}

function lastLayer(record: RunRecord, activation: Activation, init: string, series: string): number {
  return valuesOf(record, armName(activation, init), series).at(-1) ?? Number.NaN;
}
