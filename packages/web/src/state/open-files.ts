// Opens files that are chosen or dropped anywhere on the page. What reads them is downloaded when it is needed.
import { signal } from '@preact/signals';
import type { OpenError } from './read-files.ts';

/** Why the last files could not be opened; undefined if they could. */
export const openError = signal<OpenError | undefined>(undefined);

export async function openFiles(files: readonly File[]): Promise<void> {
  openError.value = undefined;
  const { readFiles } = await import('./read-files.ts');
  openError.value = await readFiles(files);
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
