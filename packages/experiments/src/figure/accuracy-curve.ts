// Accuracies over epochs: one panel an arm, or several curves in one.
import { message } from '../i18n/index.ts';
import type { ArmRecord, RunRecord } from '../record/record.ts';
import { stepsPerEpoch } from '../training/epoch.ts';
import type { Axis, Curve } from './figure.ts';

export const epochAxis: Axis = { label: message('figure.accuracy-curve.epoch-axis.label'), isWhole: true };

export const accuracyAxis: Axis = { label: message('figure.accuracy-curve.accuracy-axis.label'), domain: [0, 1] };

/** An accuracy of an arm as a curve over epochs; none where it was not measured. */
export function accuracyCurve(
  { options }: RunRecord,
  { series }: ArmRecord,
  measure: 'trainAccuracy' | 'validationAccuracy' | 'testAccuracy',
  name: string,
): Curve[] {
  const found = series[measure];
  if (!found) return [];
  const epoch = stepsPerEpoch(options as unknown as Parameters<typeof stepsPerEpoch>[0]);
  // The book measures one step into an epoch and calls it by the epochs before.
  return [{ name, x: found.step.map((step) => Math.floor(step / epoch)), y: found.value, role: 'smooth' }];
}
