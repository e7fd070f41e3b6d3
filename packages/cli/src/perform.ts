// Carries out `descent run`: prints the result, and says by an Exit if it did not end well.
import { type Experiment, type RunRecord, stringifyRecord, type Verdict, verdicts } from '@descent/experiments';
import { allDiverged, claimsFail, stopped } from './errors.ts';
import { execute, type Request } from './execute.ts';
import { chartsOf, claimsOf, finalsOf, questionOf, whereabouts } from './report.ts';
import type { RunFlags } from './request.ts';
import type { RunFolder } from './run-folder.ts';
import { isWhole } from './session.ts';
import { paint, print } from './terminal.ts';
import { words } from './words.ts';

export async function perform(request: Request<RunFolder>, flags: RunFlags): Promise<void> {
  const { notebook, records } = await execute(request, flags);
  const arms = records.flatMap((record) => record.arms);
  if (!records.every(isWhole)) throw stopped(notebook.path);
  const claims = records.length === 1 ? (records[0] as RunRecord).claims : verdicts(request.experiment.claims, records);
  const files = notebook.notes.map(({ recordFile }) => recordFile);
  print(flags.json ? documentOf(records, claims) : resultOf({ ...request, records, claims, files }, flags));
  if (arms.every(({ status }) => status === 'diverged')) throw allDiverged([...new Set(arms.map(({ name }) => name))]);
  const failed = claims.filter(({ holds }) => !holds).map(({ id }) => id);
  if (flags.checkClaims && failed.length > 0) throw claimsFail(failed);
}

/** The record, or over several seeds all of them with the verdicts on all. */
function documentOf(records: readonly RunRecord[], claims: readonly Verdict[]): string {
  if (records.length === 1) return stringifyRecord(records[0] as RunRecord);
  const bodies = records.map((record) => JSON.parse(stringifyRecord(record)) as unknown);
  return JSON.stringify({ format: 'descent-runs/1', experiment: records[0]?.experiment, claims, records: bodies });
}

interface Result {
  readonly experiment: Experiment;
  readonly records: readonly RunRecord[];
  readonly claims: readonly Verdict[];
  readonly files: readonly string[];
}

function resultOf({ experiment, records, claims, files }: Result, { lang }: RunFlags): string {
  const [record] = records as [RunRecord];
  const seconds = Math.max(...records.map(({ elapsedSeconds }) => elapsedSeconds));
  const parts = [
    questionOf(experiment, lang),
    records.length > 1 ? `${paint.dim(`${words.seed[lang]} ${record.seed}`)}\n` : '',
    chartsOf(experiment, record, lang),
    finalsOf(records, lang),
    claimsOf(claims, lang),
    whereabouts(files, seconds, lang),
  ];
  return parts.filter((part) => part !== '').join('\n');
}
