// Assembles the record of a run. Its verdicts and its digest follow from the arms.
import { type Claim, verdicts } from './claims.ts';
import { digestRun } from './digest.ts';
import { isComplete, type RunRecord } from './record.ts';

/** The fields of a record from which the others follow. */
export type RunFacts = Pick<
  RunRecord,
  'options' | 'seed' | 'data' | 'variant' | 'arms' | 'environment' | 'elapsedSeconds'
>;

/** Returns the record of a run with its verdicts and its digest. An interrupted run has no verdicts. */
export function assembleRecord(
  experiment: { readonly name: string; readonly claims: readonly Claim[] },
  facts: RunFacts,
): RunRecord {
  const record: RunRecord = {
    format: 'descent-run/1',
    experiment: experiment.name,
    options: facts.options,
    seed: facts.seed,
    data: facts.data,
    variant: facts.variant,
    arms: facts.arms,
    claims: [],
    digest: digestRun(facts.arms.map((arm) => arm.digest)),
    environment: facts.environment,
    elapsedSeconds: facts.elapsedSeconds,
  };
  return { ...record, claims: isComplete(record) ? verdicts(experiment.claims, [record]) : [] };
}
