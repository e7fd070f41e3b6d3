// Reads records that may come from elsewhere.
import { findExperiment } from '../catalog/index.ts';
import { type Experiment, parseExperimentOptions } from '../experiment.ts';
import { OptionError } from '../options/options.ts';
import { createSchedule } from '../training/schedule.ts';
import { parseRecord } from './json.ts';
import { RecordError, type RunRecord } from './record.ts';

/** A record with its experiment. */
export interface OpenedRecord {
  /** The experiment that the record names. */
  readonly experiment: Experiment;
  /** The record, with every option of the experiment. */
  readonly record: RunRecord;
}

/**
 * Parses a record and finds its experiment. An option that is newer than the record has its default.
 * @throws RecordError if the text is not a record of the experiment that it names
 * @throws UnknownExperimentError
 */
export function openRecord(text: string): OpenedRecord {
  const record = parseRecord(text);
  const experiment = findExperiment(record.experiment);
  const opened = { ...record, options: parseRecordOptions(experiment, record.options) };
  checkExtent(experiment, opened);
  return { experiment, record: opened };
}

/** Limit of the values of a series over layers. */
const MAX_LAYERS = 1_000;

/**
 * Checks that a record has no more arms and values than a run with its options can have. A larger one would take too
 * long to draw.
 * @throws RecordError
 */
export function checkExtent(experiment: Experiment, { options, seed, arms }: RunRecord): void {
  const { planned } = createSchedule(experiment, options, seed);
  if (arms.length > planned.length) {
    const message = `[record] expected at most ${planned.length} arms with its options but got ${arms.length}`;
    throw new RecordError(message);
  }
  // One value before the first step and one after each step, or one per layer.
  const limit = 1 + planned.reduce((longest, { steps }) => Math.max(longest, steps), MAX_LAYERS);
  for (const { name, series } of arms) {
    for (const [measure, { step }] of Object.entries(series)) {
      if (step.length <= limit) continue;
      throw new RecordError(
        `[record] expected at most ${limit} values of ${measure} in ${name} with its options but got ${step.length}`,
      );
    }
  }
}

/**
 * Parses the options of a record or a journal.
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
