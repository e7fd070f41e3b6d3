// How do activations spread at the start? The book's section 6.2.2.

import { defineExperiment } from '../../experiment.ts';
import type { Figure, HistogramPanel } from '../../figure/figure.ts';
import { message } from '../../i18n/index.ts';
import { dialect } from '../../options/dialect.ts';
import { networkOptions } from '../../options/network.ts';
import { float, int, withDefault } from '../../options/options.ts';
import type { Claim } from '../../record/claims.ts';
import type { ArmRecord, RunRecord } from '../../record/record.ts';
import { valuesOf } from '../../record/series.ts';
import type { ActivationsTask, InitSpec } from '../../training/arm.ts';
import { activationsLesson } from '../shared/initial-weights-lessons.ts';

const activations = ['sigmoid', 'tanh', 'relu'] as const;
const labels = { sigmoid: 'sigmoid', tanh: 'tanh', relu: 'ReLU' };

type Activation = (typeof activations)[number];

export const weightInitActivationHistogram = defineExperiment({
  name: 'weight_init_activation_histogram',
  title: message('weight-init-activation-histogram.title'),
  question: message('weight-init-activation-histogram.question'),
  lesson: activationsLesson,
  data: 'none',
  options: {
    dialect,
    inputs: int({
      default: 100,
      min: 1,
      max: 4_096,
      label: message('weight-init-activation-histogram.inputs.label'),
      help: message('weight-init-activation-histogram.inputs.help'),
    }),
    samples: int({
      default: 1_000,
      min: 1,
      max: 100_000,
      label: message('weight-init-activation-histogram.samples.label'),
      help: message('weight-init-activation-histogram.samples.help'),
    }),
    hiddenSizes: { ...withDefault(networkOptions.hiddenSizes, [100, 100, 100, 100, 100]), minLength: 1 },
    largeStd: float({
      default: 1,
      min: 0,
      max: 100,
      label: message('weight-init-activation-histogram.large-std.label'),
      help: message('weight-init-activation-histogram.large-std.help'),
    }),
    smallStd: float({
      default: 0.01,
      min: 0,
      max: 100,
      label: message('weight-init-activation-histogram.small-std.label'),
      help: message('weight-init-activation-histogram.small-std.help'),
    }),
    bins: int({
      default: 30,
      min: 2,
      max: 1_000,
      label: message('weight-init-activation-histogram.bins.label'),
      help: message('weight-init-activation-histogram.bins.help'),
    }),
  },
  arms(options, seed) {
    const { inputs, samples, hiddenSizes, bins, dialect } = options;
    return activations.flatMap((activation) =>
      initsOf(options).map(({ name, init }) => {
        const range = activation === 'tanh' && dialect === 'modern' ? ([-1, 1] as const) : ([0, 1] as const);
        const task: ActivationsTask = {
          kind: 'activations',
          steps: 1,
          inputs,
          samples,
          hiddenSizes,
          activation,
          init,
          bins,
          range,
        };
        return { name: armName(activation, name), seed, task };
      }),
    );
  },
  figures: (record) => activations.map((activation) => histograms(record, activation)),
  claims: [largeSaturates(), smallCollapses(), xavierSuits(), heSuits()],
});

interface NamedInit {
  readonly name: string;
  readonly init: InitSpec;
}

/** Each once, should both σ be the same. */
function initsOf({ largeStd, smallStd }: { readonly largeStd: number; readonly smallStd: number }): NamedInit[] {
  const stds = [...new Set([largeStd, smallStd])].map(
    (std): NamedInit => ({ name: `σ=${std}`, init: { kind: 'normal', std } }),
  );
  return [...stds, { name: 'Xavier', init: { kind: 'xavier' } }, { name: 'He', init: { kind: 'he' } }];
}

function armName(activation: Activation, init: string): string {
  return `${labels[activation]}, ${init}`;
}

/** One row an initial value, one panel a layer. */
function histograms(record: RunRecord, activation: Activation): Figure {
  const title = labels[activation];
  const prefix = armName(activation, '');
  const arms = record.arms.filter(({ name }) => name.startsWith(prefix));
  const panels = arms.flatMap((arm) => layersOf(arm, arm.name.slice(prefix.length)));
  return {
    id: `activations-${activation}`,
    title: message('weight-init-activation-histogram.histograms.title', { title }),
    caption: message('weight-init-activation-histogram.histograms.caption'),
    columns: Math.max(4, Math.min(5, panels.length / Math.max(1, arms.length))),
    panels,
  };
}

function layersOf({ histograms = {}, series }: ArmRecord, init: string): HistogramPanel[] {
  return Object.values(histograms).map(({ low, high, counts }, index) => {
    const beyond = series.beyond?.value[index] ?? 0;
    const inside = counts.reduce((sum, count) => sum + count, 0);
    const total = inside / (1 - beyond);
    const layer = index + 1;
    return {
      kind: 'histogram',
      title: message('weight-init-activation-histogram.panel.title', { init, layer }),
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

/** A series over the layers at the first layer, and at the last. */
function endsOf(record: RunRecord, arm: string, series: string): [first: number, last: number] {
  const values = valuesOf(record, arm, series);
  return [values[0] ?? Number.NaN, values.at(-1) ?? Number.NaN];
}

function lastOf(record: RunRecord, activation: Activation, init: string, series: string): number {
  return endsOf(record, armName(activation, init), series)[1];
}

const stdOption = (record: RunRecord, option: 'largeStd' | 'smallStd') => `σ=${record.options[option]}`;

function largeSaturates(): Claim {
  return {
    id: 'large-weights-saturate',
    text: message('weight-init-activation-histogram.large-weights-saturate.text'),
    otherwise: message('weight-init-activation-histogram.large-weights-saturate.otherwise'),
    test(record) {
      const large = stdOption(record, 'largeStd');
      const sigmoid = lastOf(record, 'sigmoid', large, 'saturated');
      const tanh = lastOf(record, 'tanh', large, 'saturated');
      return {
        effects: { sigmoidAboveHalf: sigmoid - 0.5, tanhAboveHalf: tanh - 0.5 },
        evidence: { sigmoidSaturated: sigmoid, tanhSaturated: tanh },
      };
    },
  };
}

function smallCollapses(): Claim {
  return {
    id: 'small-weights-collapse',
    text: message('weight-init-activation-histogram.small-weights-collapse.text'),
    otherwise: message('weight-init-activation-histogram.small-weights-collapse.otherwise'),
    test(record) {
      const small = stdOption(record, 'smallStd');
      const stds = activations.map((activation) => lastOf(record, activation, small, 'std'));
      const [sigmoidStd = Number.NaN, tanhStd = Number.NaN, reluStd = Number.NaN] = stds;
      return { effects: { narrowerThan005: 0.05 - Math.max(...stds) }, evidence: { sigmoidStd, tanhStd, reluStd } };
    },
  };
}

function xavierSuits(): Claim {
  return {
    id: 'xavier-suits-sigmoid-and-tanh',
    text: message('weight-init-activation-histogram.xavier-suits-sigmoid-and-tanh.text'),
    otherwise: message('weight-init-activation-histogram.xavier-suits-sigmoid-and-tanh.otherwise'),
    test(record) {
      const measure = (activation: Activation) => ({
        std: lastOf(record, activation, 'Xavier', 'std'),
        saturated: lastOf(record, activation, 'Xavier', 'saturated'),
      });
      const [sigmoid, tanh] = [measure('sigmoid'), measure('tanh')];
      return {
        effects: {
          widerThan005: Math.min(sigmoid.std, tanh.std) - 0.05,
          saturatedBelow5Percent: 0.05 - Math.max(sigmoid.saturated, tanh.saturated),
        },
        evidence: {
          sigmoidStd: sigmoid.std,
          tanhStd: tanh.std,
          sigmoidSaturated: sigmoid.saturated,
          tanhSaturated: tanh.saturated,
        },
      };
    },
  };
}

function heSuits(): Claim {
  return {
    id: 'he-suits-relu',
    text: message('weight-init-activation-histogram.he-suits-relu.text'),
    otherwise: message('weight-init-activation-histogram.he-suits-relu.otherwise'),
    test(record) {
      const kept = (init: string) => {
        const [first, last] = endsOf(record, armName('relu', init), 'std');
        return last / first;
      };
      const [he, xavier] = [kept('He'), kept('Xavier')];
      return {
        effects: { heKeepsOverHalf: he - 0.5, xavierKeepsUnderHalf: 0.5 - xavier },
        evidence: { heKeeps: he, xavierKeeps: xavier },
      };
    },
  };
}
