// Carries out `descent run`: prints the result, and says by an Exit if it did not end well.
import {
  type Experiment,
  finalTable,
  type RunRecord,
  statusText,
  stringifyRecord,
  type Verdict,
  verdicts,
} from '@descent/experiments';
import { allDiverged, claimsFail, stopped } from '../errors.ts';
import { encodeNumber } from '../json.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { isWhole } from '../store/run-writer.ts';
import { chartsOf, claimsOf, type OutputPaths, outputPaths, questionOf, resultsOf } from '../terminal/report.ts';
import { colorize, log, print } from '../terminal/terminal.ts';
import { execute, type Request } from './execute.ts';
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
  for (const warning of warningsOf(experiment, records, flags.lang)) log.line(colorize.yellow(warning));
  const arms = records.flatMap((record) => record.arms);
  if (arms.every(({ status }) => status === 'diverged'))
    throw allDiverged([...new Map(arms.map((arm) => [arm.name, `${arm.name} ${statusText([arm], 'en')}`])).values()]);
  const failed = claims.filter(({ holds }) => !holds).map(({ id }) => id);
  if (flags.checkClaims && failed.length > 0) throw claimsFail(failed);
}

interface Result extends OutputPaths {
  readonly experiment: Experiment;
  readonly records: readonly RunRecord[];
  readonly claims: readonly Verdict[];
}

/** The record; over several seeds all of them, with where the arms came to and the verdicts over all. */
function documentOf({ experiment: { name }, records, claims }: Result): string {
  if (records.length === 1) return stringifyRecord(records[0] as RunRecord);
  const { measures, rows } = finalTable(records);
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
    outputPaths({ ...whereabouts, ways }, lang),
  ];
  return parts.filter((part) => part !== '').join('\n');
}
