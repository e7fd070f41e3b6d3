// descent verify: replays a record and compares every bit of its results.

import { compareRecords, type Difference, type Lang, type RunRecord } from '@descent/experiments';
import { Command } from 'commander';
import { notWhole, otherData, recordDiffers, replayStopped, whichData } from '../errors.ts';
import { checkReplayable, dataFlag, jobsFlag, langFlag, queueFlag, readVariant, variantFlag } from '../flags.ts';
import { forgetful, isWhole } from '../folder/notes.ts';
import { type OpenedRecord, openRecord } from '../folder/records.ts';
import { execute, type Request } from '../run/execute.ts';
import { placeOf, sourceOf } from '../run/request.ts';
import { paint, print } from '../terminal.ts';
import { words } from '../words.ts';

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
    .argument('<record>', 'run.json of a run')
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

async function verify(file: string, flags: VerifyFlags): Promise<void> {
  const opened = openRecord(file);
  const { record } = opened;
  if (!isWhole(record)) throw notWhole(file);
  const { records } = await execute(replayOf(opened, flags), flags);
  const [again] = records as [RunRecord];
  if (!isWhole(again)) throw replayStopped();
  const difference = compareRecords(record, again);
  if (flags.json)
    print(JSON.stringify({ format: 'descent-verify/1', same: !difference, digest: again.digest, difference }, null, 2));
  if (difference) throw recordDiffers(describe(difference));
  if (!flags.json) print(`${paint.green('✓')} ${words.same(record.arms.length, again.digest)[flags.lang]}`);
}

/** The run that made the record, noted down nowhere. */
function replayOf({ record, experiment }: OpenedRecord, flags: VerifyFlags): Request {
  checkReplayable(record.variant);
  const variant = readVariant(flags.variant ?? record.variant);
  if (record.data.name !== 'mnist' && experiment.data !== 'none' && flags.data === undefined)
    throw whichData(record.data.name);
  const run = { options: record.options, seed: record.seed };
  return {
    experiment,
    runs: [run],
    bench: { variant, source: sourceOf(experiment, flags.data) },
    ...placeOf(experiment, [run], flags),
    open(data) {
      if (data.sha256 !== record.data.sha256) throw otherData(record.data.sha256, data.sha256);
      const header = { ...record, variant };
      return { notes: [forgetful(header)], close: () => {} };
    },
  };
}

/** `arm Adam, trainLoss at step 12: 0.51 in the record, 0.52 in the replay`. */
function describe({ arm, field, step, expected, got }: Difference): string {
  const where = [arm && `arm ${arm}`, step === undefined ? field : `${field} at step ${step}`]
    .filter(Boolean)
    .join(', ');
  const isShort = [expected, got].every((value) => typeof value !== 'object');
  return isShort ? `${where}: ${shown(expected)} in the record, ${shown(got)} in the replay` : where;
}

const shown = (value: unknown) => (value === undefined ? 'nothing' : String(value));
