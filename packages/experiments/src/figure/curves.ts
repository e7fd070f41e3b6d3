// Curves that many experiments draw: accuracy over epochs, and the training loss over steps.
import { message } from '../i18n/index.ts';
import type { ArmRecord, RunRecord } from '../record/record.ts';
import { mean } from '../record/series.ts';
import type { Text } from '../text.ts';
import type { Dialect } from '../training/arm.ts';
import { recordedEpoch } from '../training/epoch.ts';
import type { Axis, Curve, Figure } from './figure.ts';

export const accuracyAxis: Axis = { label: message('figure.accuracy-curve.accuracy-axis.label'), domain: [0, 1] };
export const testAccuracyAxis: Axis = { label: message('figure.test-accuracy-axis.label'), domain: [0, 1] };

/** Returns the axis of all planned steps. */
export function stepAxis({ options: { steps } }: RunRecord): Axis {
  const label = message('figure.loss-curve.step-axis.label');
  return typeof steps === 'number' ? { label, domain: [0, steps] } : { label };
}

/** Returns the axis of all planned epochs, up to the last measurement. */
export function epochAxis({ options }: RunRecord): Axis {
  const {
    dialect,
    epochs,
    evaluateEvery = 1,
  } = options as { dialect: Dialect; epochs: number; evaluateEvery?: number };
  const axis: Axis = { label: message('figure.accuracy-curve.epoch-axis.label'), isWhole: true };
  // The book measures at the start of an epoch.
  const last = dialect === 'book' ? epochs - 1 : epochs;
  return evaluateEvery > 0 ? { ...axis, domain: [0, Math.max(1, last - (last % evaluateEvery))] } : axis;
}

/** Returns a series of an arm as a curve over steps, which is empty before the first value; no curve if there is no arm. */
export function seriesCurve(arm: ArmRecord | undefined, series: string, name = arm?.name ?? ''): Curve[] {
  if (!arm) return [];
  const { step, value } = arm.series[series] ?? { step: [], value: [] };
  return [{ name, x: step, y: value, role: 'smooth' }];
}

/** Ends the name of a series with the smoothed values of another, which only a downsampled record has. */
export const SMOOTHED = 'Smoothed';

/** Returns a smoothed series of an arm as a curve over steps; no curve if the arm or the series is missing. */
export function smoothedCurve(arm: ArmRecord | undefined, series: string, name = arm?.name ?? ''): Curve[] {
  if (arm?.series[series + SMOOTHED]) return seriesCurve(arm, series + SMOOTHED, name);
  return seriesCurve(arm, series, name).map((curve) => ({ ...curve, y: smooth(curve.y) }));
}

/** Returns an accuracy of an arm as a curve over epochs; no curve if it was not measured. */
export function accuracyCurve(
  record: RunRecord,
  arm: ArmRecord,
  measure: 'trainAccuracy' | 'validationAccuracy' | 'testAccuracy',
  name: string,
): Curve[] {
  const epoch = recordedEpoch(record);
  // The book measures one step after the start of an epoch and numbers the measurement by the completed epochs.
  return seriesCurve(arm, measure, name).map((curve) => ({
    ...curve,
    x: curve.x.map((step) => Math.floor(step / epoch)),
  }));
}

/**
 * Draws the training loss of every arm, raw and smoothed.
 * @param tops candidates for the upper end of the axis: the first that is above the mean of every curve is used
 */
export function trainingLossFigure(record: RunRecord, title: Text, tops: readonly number[]): Figure {
  const curves = record.arms.flatMap((arm) => [
    ...seriesCurve(arm, 'trainLoss').map((curve): Curve => ({ ...curve, role: 'raw' })),
    ...smoothedCurve(arm, 'trainLoss'),
  ]);
  const diverged = new Set(record.arms.filter(({ status }) => status === 'diverged').map(({ name }) => name));
  const measured = curves.filter(({ y }) => y.length > 0);
  const stable = measured.filter(({ name }) => !diverged.has(name));
  const others = stable.length > 0 ? stable : measured;
  const highest = stable.reduce((high, { y }) => y.reduce((a, b) => Math.max(a, b), high), 0);
  // The loss of an arm that diverges would flatten all others.
  const top =
    tops.find((limit) => others.every(({ y }) => mean(y) < limit)) ?? (diverged.size > 0 && highest > 0 && highest);
  const label = message('figure.loss-curve.loss-axis.label');
  return {
    id: 'training-loss',
    title,
    caption: message('figure.loss-curve.training-loss.caption'),
    columns: 1,
    ranking: rankByMean(curves),
    panels: [
      { kind: 'line', x: stepAxis(record), y: { label, canBeLog: true, ...(top && { domain: [0, top] }) }, curves },
    ],
  };
}

/** Returns the names of the arms with their mean loss so far, from the lowest. The claims compare the same mean. */
function rankByMean(curves: readonly Curve[]): Figure['ranking'] {
  const raw = curves.filter(({ role }) => role === 'raw');
  const entries = raw.map(({ name, y }) => ({ name, value: y.length > 0 ? mean(y) : Number.NaN }));
  const order = ({ value }: { value: number }) => (Number.isFinite(value) ? value : Number.MAX_VALUE);
  return entries.sort((a, b) => order(a) - order(b));
}

/** Half of a Kaiser window of 11 points with β = 2: I₀(β√(1 − (i/5)²)) ÷ I₀(β) for i from 0 to 5. */
const HALF_WINDOW = [1, 0.97233, 0.892161, 0.767675, 0.611394, 0.438676];

/**
 * Returns the centered moving average under a Kaiser window of 11 points, as the book does (common/util.py: smooth_curve). At both
 * ends the curve is mirrored; the book also doubles the last point. Fewer than 11 points stay as they are. For figures only.
 */
export function smooth(values: readonly number[]): number[] {
  const last = values.length - 1;
  if (last < 10) return [...values];
  return values.map((_, center) => {
    let [sum, weights] = [0, 0];
    for (let offset = -5; offset <= 5; offset++) {
      const weight = HALF_WINDOW[Math.abs(offset)] as number;
      const index = center + offset;
      sum += weight * (values[index < 0 ? -index : index > last ? 2 * last - index : index] as number);
      weights += weight;
    }
    return sum / weights;
  });
}
