// Carries out a request: opens what it needs, runs it, prints the result, and says by an Exit if it did not end well.
import { type RunRecord, stringifyRecord, type Verdict, verdicts } from '@descent/experiments';
import { allDiverged, claimsFail, stopped } from './errors.ts';
import { onFirstInterrupt } from './interrupt.ts';
import { openPool } from './pool.ts';
import { Progress } from './progress.ts';
import { chartsOf, claimsOf, finalsOf, whereabouts } from './report.ts';
import type { Request, RunFlags } from './request.ts';
import type { RunFolder } from './run-folder.ts';
import { armsOf, runSession } from './session.ts';
import { dye, paint, print, say } from './terminal.ts';
import { openWorkbench } from './workbench.ts';
import { words } from './words.ts';

export async function perform(request: Request, flags: RunFlags): Promise<void> {
  const { experiment, runs, bench: plan, jobs } = request;
  if (flags.quiet) say.hush();
  say.line(heading(request, flags));
  const bench = await (jobs > 1 ? openPool(jobs, plan) : openWorkbench(plan));
  try {
    const folder = request.open(bench.data);
    const views = armsOf(experiment, runs).flat().map(({ name, task: { steps } }) => ({ name, steps }));
    const progress = new Progress(views, flags.lang);
    if (!flags.quiet) await progress.show();
    const stopping = new AbortController();
    const release = onFirstInterrupt(() => {
      stopping.abort();
      progress.stop();
      say.line(words.stopping[flags.lang]);
    });
    try {
      const session = { experiment, bench, progress, signal: stopping.signal };
      const records = await runSession(session, folder.journals);
      progress.stop();
      conclude({ request, flags, folder, records });
    } finally {
      release();
      progress.stop();
      folder.close();
    }
  } finally {
    await bench.close();
  }
}

/** `optimizer_compare_mnist · seed 1 · mnist · simd128 · 4 arms · 2 threads`. */
function heading({ experiment, runs, bench, jobs }: Request, { lang }: RunFlags): string {
  const seeds = runs.map(({ seed }) => seed);
  const range = seeds.length > 1 ? `${seeds[0]}–${seeds.at(-1)}` : seeds[0];
  const facts = [`${words.seed[lang]} ${range}`, bench.source, bench.variant, jobs > 1 && words.threads(jobs)[lang]];
  return `${dye.bold(experiment.name)}  ${dye.dim(facts.filter(Boolean).join(' · '))}`;
}

interface Outcome {
  readonly request: Request;
  readonly flags: RunFlags;
  readonly folder: RunFolder;
  readonly records: readonly RunRecord[];
}

function conclude({ request, flags, folder, records }: Outcome): void {
  const arms = records.flatMap((record) => record.arms);
  if (arms.some(({ status }) => status === 'interrupted')) throw stopped(folder.path);
  const [record] = records as [RunRecord];
  const claims = records.length === 1 ? record.claims : verdicts(request.experiment.claims, records);
  print(flags.json ? documentOf(records, claims) : resultOf({ request, flags, folder, records }, claims));
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

function resultOf({ request, flags: { lang }, folder, records }: Outcome, claims: readonly Verdict[]): string {
  const { experiment } = request;
  const [record] = records as [RunRecord];
  const seconds = Math.max(...records.map(({ elapsedSeconds }) => elapsedSeconds));
  const question = `${paint.bold(experiment.question[lang])}\n`;
  const parts = [question, chartsOf(experiment, record, lang), finalsOf(records, lang), claimsOf(claims, lang)];
  return [...parts, whereabouts(folder.journals[0]?.recordFile ?? '', seconds, lang)].filter((part) => part !== '').join('\n');
}
