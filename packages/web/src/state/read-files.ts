// Reads files: a record is drawn and can be verified; IDX files become the data set.
import { experiments, type Text } from '@descent/experiments';
import { checkExtent, parseRecord, parseRecordOptions } from '@descent/experiments/records';
import { message } from '../i18n/index.ts';
import { ownImages } from '../images/own-images.ts';
import { isImageFile, readOwnImages } from '../images/read-own-images.ts';
import { openRecord } from './page-state.ts';

/** Why files could not be opened: in plain words, and what the code that reads them reported. */
export interface OpenError {
  readonly text: Text;
  readonly details?: string;
}

/** Longer names of files are cut in messages. */
const MAX_SHOWN_NAME = 60;

/** Returns why a file cannot be opened; undefined if all can. */
export async function readFiles(files: readonly File[]): Promise<OpenError | undefined> {
  if (files.some(isImageFile)) {
    return describeFailure(message('file-error.images'), async () => {
      ownImages.value = await readOwnImages(files);
      return undefined;
    });
  }
  for (const file of files.slice(0, MAX_RECORDS)) {
    const text = message('file-error.record', { name: file.name.slice(0, MAX_SHOWN_NAME) });
    const error = await describeFailure(text, () => openRecordFile(file));
    if (error) return error;
  }
  return undefined;
}

async function describeFailure(text: Text, open: () => Promise<OpenError | undefined>): Promise<OpenError | undefined> {
  try {
    return await open();
  } catch (error) {
    return { text, details: error instanceof Error ? error.message : String(error) };
  }
}

/** Records that can be opened at once. The last one is shown, the others are drawn behind it. */
const MAX_RECORDS = 8;

/** Four arms of a million steps take 250 MB. A browser cannot read much longer texts. */
const MAX_RECORD_BYTES = 400e6;

async function openRecordFile(file: File): Promise<OpenError | undefined> {
  if (file.size > MAX_RECORD_BYTES)
    return { text: message('too-large', { name: file.name, megabytes: MAX_RECORD_BYTES / 1e6 }) };
  const opened = parseRecord(await file.text());
  const experiment = experiments.find(({ name }) => name === opened.experiment);
  if (!experiment) return { text: message('unknown-record', { name: opened.experiment }) };
  const record = { ...opened, options: parseRecordOptions(experiment, opened.options) };
  checkExtent(experiment, record);
  openRecord(experiment, record);
  return undefined;
}
