// How the inputs of each layer move during training, with and without batch norm. Part 1 of the study note's advanced topics.
import { defineExperiment } from '../../experiment.ts';
import { seriesCurve, stepAxis } from '../../figure/curves.ts';
import type { Figure, LinePanel } from '../../figure/figure.ts';
import { seriesMark } from '../../figure/marks.ts';
import { claimTexts, message, optionTexts } from '../../i18n/index.ts';
import { networkOptions } from '../../options/network.ts';
import { optimizerOptions, optimizerSpec } from '../../options/optimizer.ts';
import { int, withDefault, withMain } from '../../options/options.ts';
import { dataOptions, stepOptions, steppedTask } from '../../options/training.ts';
import type { ArmRecord, RunRecord } from '../../record/record.ts';
import { mean, valuesOf } from '../../record/series.ts';
import { type Text, toText } from '../../text.ts';
import type { Norm } from '../../training/arm.ts';
import { frac, hat, math, sub } from '../shared/lesson.ts';
import { normChoices } from '../shared/norms.ts';
import { batchNormalized } from '../shared/theory.ts';

const title = message('internal-covariate-shift.title');
const { norm: _, ...network } = networkOptions;
/** Norms by the names of their arms. */
const norms: Readonly<Record<string, Norm>> = { none: 'none', 'batch norm': 'batch' };

export const internalCovariateShift = defineExperiment({
  name: 'internal_covariate_shift',
  title,
  question: message('internal-covariate-shift.question'),
  lesson: {
    watch: message('internal-covariate-shift.lesson.watch'),
    theory: [
      {
        text: message('internal-covariate-shift.lesson.drift'),
        formula: math(...[sub('d', 't'), '='], frac(['|', sub('μ', 't'), '−', sub('μ', '0'), '|'], sub('σ', '0'))),
      },
      {
        text: message('internal-covariate-shift.lesson.batch-norm'),
        formula: math(hat('x'), '=', batchNormalized),
      },
    ],
  },
  data: 'mnist',
  options: withMain(
    {
      ...network,
      hiddenSizes: { ...withDefault(network.hiddenSizes, [100, 100, 100]), minLength: 1 },
      activation: withDefault(network.activation, 'sigmoid'),
      init: withDefault(network.init, 'xavier'),
      ...stepOptions,
      ...dataOptions,
      batchSize: withDefault(dataOptions.batchSize, 60),
      ...optimizerOptions,
      lr: withDefault(optimizerOptions.lr, 0.1),
      probeEvery: int({ default: 20, min: 1, max: 1_000_000, ...optionTexts('internal-covariate-shift.probe-every') }),
    },
    ['activation', 'optimizer', 'lr', 'batchSize', 'steps', 'hiddenSizes'],
  ),
  arms(options, seed) {
    const { probeEvery } = options;
    return Object.entries(norms).map(([name, norm]) => ({
      name,
      seed,
      task: { ...steppedTask({ ...options, norm }, optimizerSpec(options)), probeEvery },
    }));
  },
  figures: (record) => [distributionFigure(record), driftFigure(record)],
  predict: {
    question: message('internal-covariate-shift.predict.question'),
    choices: normChoices.filter(({ id }) => id in norms),
    measure: message('internal-covariate-shift.predict.measure'),
    best: 'lowest',
    values(record) {
      const [none, withNorm] = meansByNorm(record, 'trainLoss');
      return { none, 'batch norm': withNorm };
    },
  },
  claims: [
    {
      ...claimTexts('internal-covariate-shift.batch-norm-holds-inputs-still'),
      test(record) {
        const layer = layerNumbers(record).length;
        const series = `layer${layer}Drift`;
        const [driftWithout, driftWith] = meansByNorm(record, series);
        const curves = Object.fromEntries(Object.keys(norms).map((name) => [name, [name, series] as const]));
        return {
          effects: { driftSpared: driftWithout - driftWith },
          evidence: { driftWithout, driftWith },
          marks: [seriesMark(record, { figure: 'drift', panel: layerTitle(layer).en, curves })],
        };
      },
    },
    {
      ...claimTexts('internal-covariate-shift.batch-norm-learns-faster'),
      test(record) {
        const [lossWithout, lossWith] = meansByNorm(record, 'trainLoss');
        return { effects: { lowersMeanLossBy: lossWithout - lossWith }, evidence: { lossWithout, lossWith } };
      },
    },
  ],
});

function meansByNorm(record: RunRecord, series: string): [without: number, withNorm: number] {
  const meanOf = (arm: string) => mean(valuesOf(record, arm, series));
  return [meanOf('none'), meanOf('batch norm')];
}

/** Returns the numbers of the hidden layers, from 1. */
function layerNumbers(record: RunRecord): number[] {
  return (record.options.hiddenSizes as readonly number[]).map((_, index) => index + 1);
}

function layerTitle(layer: number): Text {
  return message('internal-covariate-shift.layer-title', { layer });
}

/** Draws the distribution of the inputs: one row per arm, one column per layer. */
function distributionFigure(record: RunRecord): Figure {
  const limit = axisLimit(record);
  const layers = layerNumbers(record);
  return {
    id: 'inputs-of-activations',
    title,
    caption: message('internal-covariate-shift.inputs-of-activations.caption'),
    columns: Math.min(3, Math.max(1, layers.length)),
    panels: record.arms.flatMap((arm) => layers.map((layer) => distributionPanel(record, arm, layer, limit))),
  };
}

/** Returns the greatest absolute value of any quantile, rounded up to a whole number. */
function axisLimit(record: RunRecord): number {
  const quantiles = record.arms.flatMap(({ series }) =>
    Object.entries(series).flatMap(([name, { value }]) => (/(Low|High)$/.test(name) ? value : [])),
  );
  return Math.ceil(quantiles.reduce((limit, quantile) => Math.max(limit, Math.abs(quantile)), 1));
}

function distributionPanel(record: RunRecord, { name, series }: ArmRecord, layer: number, limit: number): LinePanel {
  const quantile = (suffix: string) => series[`layer${layer}${suffix}`] ?? { step: [], value: [] };
  const { step: x, value: y } = quantile('Median');
  const heading = layerTitle(layer);
  return {
    kind: 'line',
    title: toText((lang) => `${name}, ${heading[lang]}`),
    x: stepAxis(record),
    y: { label: message('internal-covariate-shift.input-axis.label'), domain: [-limit, limit] },
    curves: [{ name, x, y, role: 'smooth', band: [quantile('Low').value, quantile('High').value] }],
  };
}

function driftFigure(record: RunRecord): Figure {
  const layers = layerNumbers(record);
  const curves = layers.map((layer) => record.arms.flatMap((arm) => seriesCurve(arm, `layer${layer}Drift`)));
  const drifts = curves.flatMap((each) => each.flatMap(({ y }) => y)).filter(Number.isFinite);
  const highest = drifts.reduce((a, b) => Math.max(a, b), 0);
  // All layers have the same axis, up to the next half of a standard deviation.
  const domain = [0, Math.max(1, Math.ceil(2 * highest) / 2)] as const;
  return {
    id: 'drift',
    title: message('internal-covariate-shift.drift.title'),
    caption: message('internal-covariate-shift.drift.caption'),
    columns: Math.min(3, Math.max(1, layers.length)),
    panels: layers.map((layer, i) => ({
      kind: 'line',
      title: layerTitle(layer),
      x: stepAxis(record),
      y: { label: message('internal-covariate-shift.drift-axis.label'), domain },
      curves: curves[i] ?? [],
    })),
  };
}
