// Files from outside: a record is drawn and can be verified, four IDX files are trained on.
import { checkExtent, experiments, optionsOf, parseRecord } from '@descent/experiments';
import { signal } from '@preact/signals';
import { isImageFile, ownImages, readOwnImages } from '../images/own-images.ts';
import { words } from '../text/words.ts';
import { t } from './language.ts';
import { openRecord } from './page-state.ts';

/** Why files could not be opened. */
export const openFault = signal('');

export async function openFiles(files: readonly File[]): Promise<void> {
  openFault.value = '';
  try {
    if (files.some(isImageFile)) ownImages.value = await readOwnImages(files);
    else for (const file of files.slice(0, 1)) await openRecordFile(file);
  } catch (error) {
    openFault.value = error instanceof Error ? error.message : String(error);
  }
}

/** Bytes of a record, at most: four arms of a million steps take 250 MB, and a browser reads no text that is much longer. */
const LONGEST = 400e6;

async function openRecordFile(file: File): Promise<void> {
  if (file.size > LONGEST) throw new Error(t(words.tooLarge(file.name, LONGEST / 1e6)));
  const opened = parseRecord(await file.text());
  const experiment = experiments.find(({ name }) => name === opened.experiment);
  if (!experiment) throw new Error(t(words.unknownRecord(opened.experiment)));
  checkExtent(experiment, { ...opened, options: optionsOf(experiment, opened.options) });
  openRecord(experiment, opened);
}

/** Takes files that are dropped anywhere on the page. */
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
