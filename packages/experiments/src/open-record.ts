// A record from elsewhere, and what it is a record of.
import { type Experiment, optionsFor } from './experiment.ts';
import { OptionError } from './options.ts';
import { parseRecord } from './record/json.ts';
import { RecordError, type RunRecord } from './record/record.ts';
import { findExperiment } from './registry.ts';

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
  return { experiment, record: { ...record, options: optionsOf(experiment, record.options) } };
}

/**
 * Options that a record or a journal has of a run.
 * @throws RecordError
 */
export function optionsOf(experiment: Experiment, raw: RunRecord['options']): RunRecord['options'] {
  try {
    return optionsFor(experiment, raw) as RunRecord['options'];
  } catch (error) {
    if (error instanceof OptionError) throw new RecordError(error.message);
    throw error;
  }
}
