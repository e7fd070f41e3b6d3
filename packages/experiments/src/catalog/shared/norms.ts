// What the experiments that compare norms share.

import { message } from '../../i18n/index.ts';
import { classCount } from '../../options/network.ts';
import { namedChoices } from '../../record/predict.ts';
import type { RunRecord } from '../../record/record.ts';
import { findArm } from '../../record/series.ts';
import type { Norm } from '../../training/arm.ts';

/** Norms by the names of their arms and curves. */
export const norms: Readonly<Record<string, Norm>> = { none: 'none', 'batch norm': 'batch', 'layer norm': 'layer' };

/** Predictions of which network wins. */
export const normChoices = [
  { id: 'none', label: message('predict.no-norm') },
  ...namedChoices(['batch norm', 'layer norm']),
];

/** Returns an accuracy at the end of training: chance level if the arm diverged, NaN if it was not measured. */
export function finalAccuracy(record: RunRecord, name: string, measure = 'testAccuracy'): number {
  const arm = findArm(record, name);
  return arm?.status === 'diverged' ? 1 / classCount(record.options) : (arm?.final[measure] ?? Number.NaN);
}
