// The table of a search's trials, read from its record.
import type { RunRecord } from '../record/record.ts';
import { roundsOf, type Study } from './study.ts';
import { pointIn, stateOf, stepOf, type Trial, valueBy } from './trial.ts';

/** In their order; one that has not begun has no point and no value. */
export function trialsOf(study: Study, { arms, seed }: Pick<RunRecord, 'arms' | 'seed'>): Trial[] {
  const rounds = roundsOf(study, seed).flatMap((indices, round) => indices.map(() => round));
  return arms.map((arm, index) => ({
    index,
    name: arm.name,
    point: pointIn(study.space, arm),
    state: stateOf(arm),
    value: valueBy(arm, study.measure),
    step: stepOf(arm),
    round: rounds[index] ?? 0,
  }));
}
