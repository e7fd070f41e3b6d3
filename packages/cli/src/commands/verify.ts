// descent verify: replays a record and compares every bit of its results.

import { compareRecords, type Difference, isComplete, type Lang, type RunRecord } from '@descent/experiments';
import { Command } from 'commander';
import { dataError, Exit, exitCodes, usageError } from '../exit.ts';
import { checkReplayable, dataFlag, jobsFlag, langFlag, queueFlag, readVariant, variantFlag } from '../flags.ts';
import { message } from '../i18n/index.ts';
import { otherData, planTraining, type RunPlan } from '../run/plan.ts';
import { runCommand } from '../run/run-command.ts';
import { type OpenedRuns, openRuns } from '../store/records.ts';
import { printJson } from '../terminal/json.ts';
import { paint, print, self } from '../terminal/terminal.ts';

declare const DESCENT_VERSION: string;

interface VerifyFlags {
  readonly data?: string;
  readonly jobs?: string;
  readonly queue?: string;
  readonly variant?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly lang: Lang;
}

export function create(name: string): Command {
  return new Command(name)
    .argument('<record>', 'run.json of a run, or the folder of a run with one seed or several')
    .addOption(dataFlag())
    .addOption(jobsFlag())
    .addOption(queueFlag('let workers of a queue replay it'))
    .addOption(variantFlag())
    .option('--json', 'print the verdict as JSON')
    .option('--quiet', 'print no progress and no messages')
    .addOption(langFlag())
    .addHelpText('after', '\nExample:\n  descent verify run.json\n')
    .action(verify);
}

async function verify(path: string, flags: VerifyFlags): Promise<void> {
  const opened = openRuns([path]);
  if (!opened.records.every(isComplete))
    throw dataError(
      `${path}: expected the record of a complete run but got one that was interrupted`,
      `${self} run --resume DIR continues it`,
    );
  const { records } = await runCommand(planReplay(opened, flags), flags);
  if (!records.every(isComplete))
    throw new Exit(exitCodes.interrupted, 'interrupted', 'run verify again from the start');
  const replays = opened.records.map((record, i) => compare(record, records[i] as RunRecord));
  if (flags.json) printJson(toDocument(replays));
  const prefix = (seed: number) => (replays.length > 1 ? `seed ${seed}, ` : '');
  const different = replays.find(({ difference }) => difference !== undefined);
  if (different?.difference)
    throw verifyError(prefix(different.seed) + formatDifference(different.difference), different.version);
  if (flags.json) return;
  const lines = replays.map(({ seed, arms, digest }) => prefix(seed) + message('same', { arms, digest })[flags.lang]);
  print(lines.map((line) => `${paint.green('✓')} ${line}`).join('\n'));
}

/** Plans the runs of records again, without saving them. */
function planReplay({ records, experiment }: OpenedRuns, flags: VerifyFlags): RunPlan {
  const { name, sha256 } = records[0].data;
  if (name !== 'mnist' && experiment.data !== 'none' && flags.data === undefined)
    throw usageError(`the record was made with the data ${name}`, 'name their folder: --data DIR');
  for (const each of records) checkReplayable(each.variant);
  const variant = readVariant(flags.variant ?? records[0].variant);
  const settings = records.map((each) => ({ ...each, variant }));
  return {
    ...planTraining(experiment, settings, flags),
    openFolder(data) {
      if (data.sha256 !== sha256) throw otherData(sha256, data.sha256);
      return undefined;
    },
  };
}

interface Replay extends Pick<RunRecord, 'seed' | 'digest'> {
  readonly arms: number;
  readonly difference: Difference | undefined;
  /** The version of the record, if the record names it. */
  readonly version: string | undefined;
}

function compare(record: RunRecord, replay: RunRecord): Replay {
  const difference = compareRecords(record, replay);
  const { seed, digest } = replay;
  return { seed, digest, arms: record.arms.length, difference, version: record.environment.descent };
}

/** Returns the verdict on one record, or on those of several seeds. */
function toDocument(replays: readonly Replay[]): object {
  const format = 'descent-verify/1';
  const verdicts = replays.map(({ digest, difference, version }) => {
    const isOther = difference && version !== DESCENT_VERSION;
    return { same: !difference, digest, difference, ...(isOther && { madeWith: version ?? null }) };
  });
  if (replays.length === 1) return { format, ...verdicts[0] };
  const runs = verdicts.map((verdict, i) => ({ seed: replays[i]?.seed, ...verdict }));
  return { format, same: runs.every(({ same }) => same), runs };
}

/** Creates the error for a replay that differs; the reason is the version of the record, if it is another one. */
function verifyError(difference: string, version: string | undefined): Exit {
  if (version === DESCENT_VERSION) return new Exit(exitCodes.different, `the replay differs: ${difference}`);
  return new Exit(
    exitCodes.different,
    `the record was made with ${version ? `version ${version}` : 'an unknown version'}, ` +
      `whose results can differ from those of this version, ${DESCENT_VERSION}: ${difference}`,
    'version 0.2.0 changed the results of batch norm, layer norm and GELU, of batches of more than 1024 examples ' +
      'and of more than 16 classes; CHANGELOG.md marks such changes "bits"',
  );
}

/** Formats `arm Adam, trainLoss at step 12: 0.51 in the record, 0.52 in the replay`. */
function formatDifference({ arm, claim, field, bin, step, expected, got }: Difference): string {
  const at = (bin === undefined ? '' : `, bin ${bin + 1}`) + (step === undefined ? '' : ` at step ${step}`);
  const where = [arm && `arm ${arm}`, claim && `claim ${claim}`, field + at].filter(Boolean).join(', ');
  const isShort = [expected, got].every((value) => typeof value !== 'object');
  return isShort ? `${where}: ${formatValue(expected)} in the record, ${formatValue(got)} in the replay` : where;
}

const formatValue = (value: unknown) => (value === undefined ? 'nothing' : String(value));
