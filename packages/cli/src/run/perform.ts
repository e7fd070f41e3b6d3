// Carries out `descent run`: prints the result, and says by an Exit if it did not end well.
import {
  type Experiment,
  endingOf,
  finalsOf,
  type RunRecord,
  stringifyRecord,
  type Verdict,
  verdicts,
} from '@descent/experiments';
import { allDiverged, claimsFail, stopped } from '../errors.ts';
import { isWhole } from '../folder/notes.ts';
import type { RunFolder } from '../folder/run-folder.ts';
import { encodeNumber } from '../json.ts';
import { dye, print, say } from '../terminal.ts';
import { execute, type Request } from './execute.ts';
import { chartsOf, claimsOf, questionOf, resultsOf, type Whereabouts, whereaboutsOf } from './report.ts';
import type { RunFlags } from './request.ts';
import { allTrialsWay, tablesOf, warningsOf } from './search.ts';

export async function perform(request: Request<RunFolder>, flags: RunFlags): Promise<void> {
  const { experiment } = request;
  const { notebook, records } = await execute(request, flags);
  if (!records.every(isWhole)) throw stopped(notebook.path);
  const claims = records.length === 1 ? (records[0] as RunRecord).claims : verdicts(experiment.claims, records);
  const files = notebook.notes.map(({ recordFile }) => recordFile);
  const seconds = Math.max(...records.map(({ elapsedSeconds }) => elapsedSeconds));
  const result = { experiment, records, claims, path: notebook.path, files, seconds };
  print(flags.json ? documentOf(result) : screenOf(result, flags));
  for (const warning of warningsOf(experiment, records, flags.lang)) say.line(dye.yellow(warning));
  const arms = records.flatMap((record) => record.arms);
  if (arms.every(({ status }) => status === 'diverged'))
    throw allDiverged([...new Map(arms.map((arm) => [arm.name, `${arm.name} ${endingOf([arm], 'en')}`])).values()]);
  const failed = claims.filter(({ holds }) => !holds).map(({ id }) => id);
  if (flags.checkClaims && failed.length > 0) throw claimsFail(failed);
}

interface Result extends Whereabouts {
  readonly experiment: Experiment;
  readonly records: readonly RunRecord[];
  readonly claims: readonly Verdict[];
}

/** The record; over several seeds all of them, with where the arms came to and the verdicts over all. */
function documentOf({ experiment: { name }, records, claims }: Result): string {
  if (records.length === 1) return stringifyRecord(records[0] as RunRecord);
  const { measures, rows } = finalsOf(records);
  const finals = Object.fromEntries(
    rows.map(({ arm, cells }) => [arm, Object.fromEntries(measures.map((measure, i) => [measure, cells[i]]))]),
  );
  const bodies = records.map((record) => JSON.parse(stringifyRecord(record)) as unknown);
  const document = { format: 'descent-runs/1', experiment: name, finals, claims, records: bodies };
  return JSON.stringify(document, encodeNumber);
}

function screenOf({ experiment, records, claims, ...whereabouts }: Result, { lang }: RunFlags): string {
  const isSearch = experiment.study !== undefined;
  const ways = isSearch ? whereabouts.files.map(allTrialsWay) : [];
  const parts = [
    questionOf(experiment, lang),
    chartsOf(experiment, records, lang),
    ...(isSearch ? tablesOf(experiment, records, lang) : [resultsOf(records, lang)]),
    claimsOf(claims, lang),
    whereaboutsOf({ ...whereabouts, ways }, lang),
  ];
  return parts.filter((part) => part !== '').join('\n');
}
