// A record put together from what a run knows: its verdicts and its digest follow from the arms.
import { type Claim, verdicts } from './claims.ts';
import { digestRun } from './digest.ts';
import type { RunRecord } from './record.ts';

/** What a run knows when its arms have ended; the rest of the record follows from it. */
export type RunFacts = Pick<
  RunRecord,
  'options' | 'seed' | 'data' | 'variant' | 'arms' | 'environment' | 'elapsedSeconds'
>;

/** The record of a run, with its verdicts and its digest. An interrupted run is given no verdicts. */
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
  const isWhole = facts.arms.every((arm) => arm.status !== 'interrupted');
  return { ...record, claims: isWhole ? verdicts(experiment.claims, [record]) : [] };
}
