// Reads files: a record is drawn and can be verified; IDX files become the data set.
import { experiments } from '@descent/experiments';
import { checkExtent, parseRecord, parseRecordOptions } from '@descent/experiments/records';
import { ownImages } from '../images/own-images.ts';
import { isImageFile, readOwnImages } from '../images/read-own-images.ts';
import { t } from './language.ts';
import { openRecord } from './page-state.ts';

/** @throws Error if a file cannot be read */
export async function readFiles(files: readonly File[]): Promise<void> {
  if (files.some(isImageFile)) ownImages.value = await readOwnImages(files);
  else for (const file of files.slice(0, MAX_RECORDS)) await openRecordFile(file);
}

/** Records that can be opened at once. The last one is shown, the others are drawn behind it. */
const MAX_RECORDS = 8;

/** Four arms of a million steps take 250 MB. A browser cannot read much longer texts. */
const MAX_RECORD_BYTES = 400e6;

async function openRecordFile(file: File): Promise<void> {
  if (file.size > MAX_RECORD_BYTES)
    throw new Error(t('too-large', { name: file.name, megabytes: MAX_RECORD_BYTES / 1e6 }));
  const opened = parseRecord(await file.text());
  const experiment = experiments.find(({ name }) => name === opened.experiment);
  if (!experiment) throw new Error(t('unknown-record', { name: opened.experiment }));
  const record = { ...opened, options: parseRecordOptions(experiment, opened.options) };
  checkExtent(experiment, record);
  openRecord(experiment, record);
}
