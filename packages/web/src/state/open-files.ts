// Opens files that are chosen or dropped anywhere on the page. What reads them is downloaded when it is needed.
import { signal } from '@preact/signals';

/** Why the last files could not be opened; empty if they could. */
export const openError = signal('');

export async function openFiles(files: readonly File[]): Promise<void> {
  openError.value = '';
  try {
    await (await import('./read-files.ts')).readFiles(files);
  } catch (error) {
    openError.value = error instanceof Error ? error.message : String(error);
  }
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
