// Accuracies over epochs: one panel an arm, or several curves in one.
import type { Axis, Curve } from '../figure/figure.ts';
import type { ArmRecord, RunRecord } from '../record/record.ts';
import { stepsPerEpoch } from '../training/epoch.ts';

export const epochAxis: Axis = { label: { en: 'Epoch', ko: '에폭', ja: 'エポック' }, isWhole: true };

export const accuracyAxis: Axis = { label: { en: 'Accuracy', ko: '정확도', ja: '正解率' }, domain: [0, 1] };

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
