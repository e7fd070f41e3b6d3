// The figures of a search: those over the space are in `over-space.ts`, the others over trials and epochs here.
import { accuracyAxis, accuracyCurve, epochAxis } from '../../figure/curves.ts';
import type { Figure, LinePanel } from '../../figure/figure.ts';
import { message } from '../../i18n/index.ts';
import { formatNumber } from '../../record/final-table.ts';
import { type ArmRecord, isComplete, type RunRecord } from '../../record/record.ts';
import { findArm } from '../../record/series.ts';
import { toText } from '../../text.ts';
import { formatValue, valuesAt } from '../space.ts';
import type { Study } from '../study.ts';
import { ranked } from '../trial.ts';
import {
  BEST_TRIALS,
  type CompletedTrial,
  completedTrials,
  trialAxis,
  trialCurves,
  valueAxis,
} from './completed-trials.ts';
import { describeFinding } from './findings.ts';
import { funnelFigure } from './funnel.ts';
import { contourFigure, importanceFigure, parallelFigure, sliceFigure } from './over-space.ts';

type Trials = readonly CompletedTrial[];

/** Draws all figures of a search. Slice and contour are first; each of the others has a finding in one line. */
export function searchFigures(study: Study, record: RunRecord): Figure[] {
  const trials = completedTrials(study, record);
  return [
    sliceFigure(study, trials),
    contourFigure(study, trials),
    ...[
      bestTrialsFigure(study, record, trials),
      ...funnelFigure(study, trials),
      parallelFigure(study, trials),
      importanceFigure(study, trials),
      historyFigure(study, trials),
      intermediateFigure(study, record, trials),
    ].map((figure) => ({ ...figure, finding: describeFinding(figure.id, study, record, trials) })),
  ];
}

/** Draws the accuracies of the best trials, one panel per trial, as the book does. */
function bestTrialsFigure(study: Study, record: RunRecord, trials: Trials): Figure {
  const best = ranked(trials).slice(0, BEST_TRIALS);
  const curves = best.map(({ name }) => {
    const arm = findArm(record, name) as ArmRecord;
    return [
      ...accuracyCurve(record, arm, 'trainAccuracy', 'train'),
      ...accuracyCurve(record, arm, 'validationAccuracy', 'validation'),
    ];
  });
  const x = epochAxis(record);
  // A search that has not ended keeps the place of the panels to come.
  const missing = isComplete(record) ? 0 : Math.min(BEST_TRIALS, record.arms.length) - best.length;
  return {
    id: 'best-trials',
    title: message('search.best-trials.best-trials.title'),
    caption: message('search.best-trials.best-trials.caption'),
    columns: 5,
    panels: [
      ...best.map(
        (trial, i): LinePanel => ({
          kind: 'line',
          title: message('search.best-trials.panel.title', { rank: i + 1, value: formatNumber(trial.value, 3) }),
          x,
          y: accuracyAxis,
          curves: curves[i] ?? [],
          notes: ratesOf(study, trial).map((rate) => ({ text: toText(() => rate), at: 'bottom' })),
        }),
      ),
      ...Array.from({ length: missing }, (): LinePanel => ({ kind: 'line', x, y: accuracyAxis, curves: [] })),
    ],
  };
}

/** Symbols of the two rates that the book searches. */
const RATE_SYMBOLS = { lr: 'η', weightDecay: 'λ' } as const;

/** Returns `η 0.0059` and `λ 1.2e-7` of a trial. */
function ratesOf({ space }: Study, { point }: CompletedTrial): string[] {
  const values = valuesAt(space, point);
  return Object.entries(RATE_SYMBOLS).flatMap(([name, symbol]) =>
    values[name] === undefined ? [] : [`${symbol} ${formatValue(values[name])}`],
  );
}

/** Draws the value of every trial, and the best value so far. */
function historyFigure(study: Study, trials: Trials): Figure {
  const x = trials.map(({ index }) => index + 1);
  let best = Number.NEGATIVE_INFINITY;
  const bestSoFar = trials.map(({ value }) => {
    best = Math.max(best, value);
    return best;
  });
  return {
    id: 'history',
    title: message('search.over-trials.history.title'),
    caption: message('search.over-trials.history.caption'),
    columns: 1,
    panels: [
      {
        kind: 'line',
        x: { ...trialAxis, domain: [1, Math.max(2, x.at(-1) ?? 0)] },
        y: valueAxis(study),
        curves: [
          { name: 'trials', x, y: trials.map(({ value }) => value), role: 'points' },
          { name: 'best so far', x, y: bestSoFar, role: 'smooth' },
        ],
      },
    ],
  };
}

/** Draws the intermediate values of every trial, which pruners use. */
function intermediateFigure(study: Study, record: RunRecord, trials: Trials): Figure {
  const arms = new Map(record.arms.map((arm) => [arm.name, arm]));
  const toPoints = ({ name }: CompletedTrial) =>
    accuracyCurve(record, arms.get(name) as ArmRecord, 'validationAccuracy', name);
  return {
    id: 'intermediate',
    title: message('search.over-trials.intermediate.title'),
    caption: message('search.over-trials.intermediate.caption'),
    columns: 1,
    panels: [{ kind: 'line', x: epochAxis(record), y: valueAxis(study), curves: trialCurves(trials, toPoints) }],
  };
}
