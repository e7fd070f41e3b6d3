// Records as files, and what they are records of.
import {
  type Experiment,
  findExperiment,
  parseRecord,
  RecordError,
  type RunRecord,
  UnknownExperimentError,
} from '@descent/experiments';
import { notRecord } from './errors.ts';
import { readText } from './files.ts';

export interface OpenedRecord {
  readonly file: string;
  readonly record: RunRecord;
  readonly experiment: Experiment;
}

/** @throws Exit where the file is not a record, or one of an experiment that we do not have */
export function openRecord(file: string): OpenedRecord {
  const text = readText(file, 'a record');
  try {
    const record = parseRecord(text);
    return { file, record, experiment: findExperiment(record.experiment) };
  } catch (error) {
    if (error instanceof RecordError || error instanceof UnknownExperimentError) throw notRecord(file, error);
    throw error;
  }
}
