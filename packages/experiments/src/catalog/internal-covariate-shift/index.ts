// How does what a layer is given move while the layers below it learn? The note's advanced part, 1.

import { defineExperiment } from '../../experiment.ts';
import type { Figure, LinePanel } from '../../figure/figure.ts';
import { stepAxis } from '../../figure/loss-curve.ts';
import { message } from '../../i18n/index.ts';
import { networkOptions } from '../../options/network.ts';
import { optimizerOptions, optimizerSpec } from '../../options/optimizer.ts';
import { int, withDefault } from '../../options/options.ts';
import { dataOptions, stepOptions, steppedTask } from '../../options/training.ts';
import type { Claim } from '../../record/claims.ts';
import type { ArmRecord, RunRecord } from '../../record/record.ts';
import { mean, valuesOf } from '../../record/series.ts';
import type { Text } from '../../text.ts';
import type { Norm } from '../../training/arm.ts';
import { covariateShiftLesson } from '../shared/normalization-lessons.ts';

const title: Text = message('internal-covariate-shift.title');

const { norm: _, ...network } = networkOptions;

/** Arms by name. */
const norms: Readonly<Record<string, Norm>> = { none: 'none', 'batch norm': 'batch' };

export const internalCovariateShift = defineExperiment({
  name: 'internal_covariate_shift',
  title,
  question: message('internal-covariate-shift.question'),
  lesson: covariateShiftLesson,
  data: 'mnist',
  options: {
    ...network,
    hiddenSizes: { ...withDefault(network.hiddenSizes, [100, 100, 100]), minLength: 1 },
    activation: withDefault(network.activation, 'sigmoid'),
    init: withDefault(network.init, 'xavier'),
    ...stepOptions,
    ...dataOptions,
    batchSize: withDefault(dataOptions.batchSize, 60),
    ...optimizerOptions,
    lr: withDefault(optimizerOptions.lr, 0.1),
    probeEvery: int({
      default: 20,
      min: 1,
      max: 1_000_000,
      label: message('internal-covariate-shift.probe-every.label'),
      help: message('internal-covariate-shift.probe-every.help'),
    }),
  },
  arms(options, seed) {
    const { probeEvery } = options;
    return Object.entries(norms).map(([name, norm]) => ({
      name,
      seed,
      task: { ...steppedTask({ ...options, norm }, optimizerSpec(options)), probeEvery },
    }));
  },
  figures: (record) => [bands(record), drifts(record)],
  claims: [holdsStill(), learnsFaster()],
});

/** How many layers were looked at. */
function layerCount(record: RunRecord): number {
  return (record.options.hiddenSizes as readonly number[]).length;
}

function layerTitle(layer: number): Text {
  return message('internal-covariate-shift.layer-title', { layer });
}

/** One row an arm, one column a layer. */
function bands(record: RunRecord): Figure {
  const reach = reachOf(record);
  const layers = Array.from({ length: layerCount(record) }, (_, i) => i + 1);
  return {
    id: 'inputs-of-activations',
    title,
    caption: message('internal-covariate-shift.inputs-of-activations.caption'),
    columns: Math.min(3, Math.max(1, layers.length)),
    panels: record.arms.flatMap((arm) => layers.map((layer) => band(arm, layer, reach))),
  };
}

/** The farthest edge of any band from 0, in whole numbers. */
function reachOf(record: RunRecord): number {
  const edges = record.arms.flatMap(({ series }) =>
    Object.entries(series).flatMap(([name, { value }]) => (/(Low|High)$/.test(name) ? value : [])),
  );
  return Math.ceil(edges.reduce((farthest, edge) => Math.max(farthest, Math.abs(edge)), 1));
}

function band({ name, series }: ArmRecord, layer: number, reach: number): LinePanel {
  const of = (quantile: string) => series[`layer${layer}${quantile}`] ?? { step: [], value: [] };
  const { step: x, value: y } = of('Median');
  const { en, ko, ja } = layerTitle(layer);
  return {
    kind: 'line',
    title: { en: `${name}, ${en}`, ko: `${name}, ${ko}`, ja: `${name}, ${ja}` },
    x: stepAxis,
    y: { label: message('internal-covariate-shift.input-axis.label'), domain: [-reach, reach] },
    curves: [{ name, x, y, role: 'smooth', band: [of('Low').value, of('High').value] }],
  };
}

function drifts(record: RunRecord): Figure {
  const layers = Array.from({ length: layerCount(record) }, (_, i) => i + 1);
  return {
    id: 'drift',
    title: message('internal-covariate-shift.drift.title'),
    caption: message('internal-covariate-shift.drift.caption'),
    columns: Math.min(3, Math.max(1, layers.length)),
    panels: layers.map((layer) => ({
      kind: 'line',
      title: layerTitle(layer),
      x: stepAxis,
      y: { label: message('internal-covariate-shift.drift-axis.label') },
      curves: record.arms.flatMap(({ name, series }) => {
        const found = series[`layer${layer}Drift`];
        return found ? [{ name, x: found.step, y: found.value, role: 'smooth' as const }] : [];
      }),
    })),
  };
}

function holdsStill(): Claim {
  return {
    id: 'batch-norm-holds-inputs-still',
    text: message('internal-covariate-shift.batch-norm-holds-inputs-still.text'),
    otherwise: message('internal-covariate-shift.batch-norm-holds-inputs-still.otherwise'),
    test(record) {
      const series = `layer${layerCount(record)}Drift`;
      const [without, withIt] = Object.keys(norms).map((name) => mean(valuesOf(record, name, series))) as [
        number,
        number,
      ];
      return { effects: { driftSpared: without - withIt }, evidence: { driftWithout: without, driftWith: withIt } };
    },
  };
}

function learnsFaster(): Claim {
  return {
    id: 'batch-norm-learns-faster',
    text: message('internal-covariate-shift.batch-norm-learns-faster.text'),
    otherwise: message('batch-norm-test.batch-norm-learns-faster.otherwise'),
    test(record) {
      const [without, withIt] = Object.keys(norms).map((name) => mean(valuesOf(record, name, 'trainLoss'))) as [
        number,
        number,
      ];
      return { effects: { lowersMeanLossBy: without - withIt }, evidence: { lossWithout: without, lossWith: withIt } };
    },
  };
}
