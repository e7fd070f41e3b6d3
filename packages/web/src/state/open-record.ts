// Opens files: a record is drawn and can be verified; IDX files become the data set.
import { checkExtent, experiments, parseRecord, parseRecordOptions } from '@descent/experiments';
import { signal } from '@preact/signals';
import { isImageFile, ownImages, readOwnImages } from '../images/own-images.ts';
import { t } from './language.ts';
import { openRecord } from './page-state.ts';

/** Why the last files could not be opened; empty if they could. */
export const openError = signal('');

export async function openFiles(files: readonly File[]): Promise<void> {
  openError.value = '';
  try {
    if (files.some(isImageFile)) ownImages.value = await readOwnImages(files);
    else for (const file of files.slice(0, 1)) await openRecordFile(file);
  } catch (error) {
    openError.value = error instanceof Error ? error.message : String(error);
  }
}

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

/** Opens files that are dropped anywhere on the page. */
export function enableFileDrop(): void {
  addEventListener('dragover', (event) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
  });
  addEventListener('drop', (event) => {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    void openFiles(files);
  });
}
