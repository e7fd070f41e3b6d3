// A record from elsewhere, and what it is a record of.

import { findExperiment } from '../catalog/index.ts';
import { type Experiment, parseExperimentOptions } from '../experiment.ts';
import { OptionError } from '../options/options.ts';
import { createSchedule } from '../training/schedule.ts';
import { parseRecord } from './json.ts';
import { RecordError, type RunRecord } from './record.ts';

/** A record and what it is a record of. */
export interface OpenedRecord {
  /** The one that the record names. */
  readonly experiment: Experiment;
  /** With every option that the experiment has today. */
  readonly record: RunRecord;
}

/**
 * Reads a record and finds its experiment. An option that is younger than the record has its default.
 * @throws RecordError where the text is no record, or not one of the experiment that it names
 * @throws UnknownExperimentError
 */
export function openRecord(text: string): OpenedRecord {
  const record = parseRecord(text);
  const experiment = findExperiment(record.experiment);
  const opened = { ...record, options: parseRecordOptions(experiment, record.options) };
  checkExtent(experiment, opened);
  return { experiment, record: opened };
}

const MAX_LAYERS = 1_000;

/**
 * Checks that a record has no more than a run with its options can leave: whoever drew one with a million arms would wait for ever.
 * @throws RecordError
 */
export function checkExtent(experiment: Experiment, { options, seed, arms }: RunRecord): void {
  const { planned } = createSchedule(experiment, options, seed);
  if (arms.length > planned.length) {
    const message = `[record] expected at most ${planned.length} arms with its options but got ${arms.length}`;
    throw new RecordError(message);
  }
  // A value before the first step, and one after each; what looks at layers has one a layer.
  const most = 1 + planned.reduce((longest, { steps }) => Math.max(longest, steps), MAX_LAYERS);
  for (const { name, series } of arms) {
    for (const [measure, { step }] of Object.entries(series)) {
      if (step.length <= most) continue;
      throw new RecordError(
        `[record] expected at most ${most} values of ${measure} in ${name} with its options but got ${step.length}`,
      );
    }
  }
}

/**
 * Options that a record or a journal has of a run.
 * @throws RecordError
 */
export function parseRecordOptions(experiment: Experiment, raw: RunRecord['options']): RunRecord['options'] {
  try {
    return parseExperimentOptions(experiment, raw) as RunRecord['options'];
  } catch (error) {
    if (error instanceof OptionError) throw new RecordError(error.message);
    throw error;
  }
}
