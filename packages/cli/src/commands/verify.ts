// descent verify: replays a record and compares every bit of its results.

import { compareRecords, type Difference, type Lang, type RunRecord } from '@descent/experiments';
import { Command } from 'commander';
import { notWhole, otherData, recordDiffers, replayStopped, whichData } from '../errors.ts';
import { checkReplayable, dataFlag, jobsFlag, langFlag, queueFlag, readVariant, variantFlag } from '../flags.ts';
import { printJson } from '../json.ts';
import { execute, type Request } from '../run/execute.ts';
import { placeOf, sourceOf } from '../run/request.ts';
import { type OpenedRuns, openRuns } from '../store/records.ts';
import { isWhole, nullWriter } from '../store/run-writer.ts';
import { paint, print } from '../terminal/terminal.ts';
import { words } from '../terminal/words.ts';

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
    .addOption(queueFlag('lets workers replay it'))
    .addOption(variantFlag())
    .option('--json', 'print the verdict as JSON')
    .option('--quiet', 'print no progress and no messages')
    .addOption(langFlag())
    .addHelpText('after', '\nExample:\n  descent verify run.json\n')
    .action(verify);
}

async function verify(path: string, flags: VerifyFlags): Promise<void> {
  const opened = openRuns([path]);
  if (!opened.records.every(isWhole)) throw notWhole(path);
  const { records } = await execute(replayOf(opened, flags), flags);
  if (!records.every(isWhole)) throw replayStopped();
  const runs = opened.records.map((record, i) => {
    const { seed, digest } = records[i] as RunRecord;
    const difference = compareRecords(record, records[i] as RunRecord);
    const { descent } = record.environment;
    const madeWith = difference && descent !== DESCENT_VERSION ? { madeWith: descent ?? null } : {};
    return { seed, arms: record.arms.length, same: !difference, digest, difference, descent, madeWith };
  });
  if (flags.json) printJson(documentOf(runs));
  const different = runs.find(({ same }) => !same);
  const where = (seed: number) => (runs.length > 1 ? `seed ${seed}, ` : '');
  if (different) {
    const place = where(different.seed) + describe(different.difference as Difference);
    throw recordDiffers(place, different.descent, DESCENT_VERSION);
  }
  if (flags.json) return;
  const lines = runs.map(({ seed, arms, digest }) => where(seed) + words.same(arms, digest)[flags.lang]);
  print(lines.map((line) => `${paint.green('✓')} ${line}`).join('\n'));
}

interface Replay {
  readonly seed: number;
  readonly same: boolean;
  readonly digest: string;
  readonly difference: Difference | undefined;
  /** Where the results differ and another version made the record: which, or null where the record does not say. */
  readonly madeWith: { readonly madeWith?: string | null };
}

/** The verdict on one record, or on those of several seeds. */
function documentOf(runs: readonly Replay[]): object {
  const format = 'descent-verify/1';
  const [{ same, digest, difference, madeWith }] = runs as [Replay];
  if (runs.length === 1) return { format, same, digest, difference, ...madeWith };
  return {
    format,
    same: runs.every((run) => run.same),
    runs: runs.map(({ seed, same, digest, difference, madeWith }) => ({ seed, same, digest, difference, ...madeWith })),
  };
}

/** The runs that made the records, noted down nowhere. */
function replayOf({ records, experiment }: OpenedRuns, flags: VerifyFlags): Request {
  const [record] = records;
  for (const each of records) checkReplayable(each.variant);
  const variant = readVariant(flags.variant ?? record.variant);
  if (record.data.name !== 'mnist' && experiment.data !== 'none' && flags.data === undefined)
    throw whichData(record.data.name);
  return {
    experiment,
    runs: records,
    environment: { variant, source: sourceOf(experiment, flags.data) },
    ...placeOf(experiment, records, flags),
    open(data) {
      if (data.sha256 !== record.data.sha256) throw otherData(record.data.sha256, data.sha256);
      return { notes: records.map((each) => nullWriter({ ...each, variant })), isEmpty: true, close: () => {} };
    },
  };
}

/** `arm Adam, trainLoss at step 12: 0.51 in the record, 0.52 in the replay`. */
function describe({ arm, claim, field, bin, step, expected, got }: Difference): string {
  const at = [bin !== undefined && `, bin ${bin + 1}`, step !== undefined && ` at step ${step}`]
    .filter(Boolean)
    .join('');
  const where = [arm && `arm ${arm}`, claim && `claim ${claim}`, field + at].filter(Boolean).join(', ');
  const isShort = [expected, got].every((value) => typeof value !== 'object');
  return isShort ? `${where}: ${shown(expected)} in the record, ${shown(got)} in the replay` : where;
}

const shown = (value: unknown) => (value === undefined ? 'nothing' : String(value));
