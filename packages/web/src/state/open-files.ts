// Opens files that are chosen or dropped anywhere on the page. What reads them is downloaded when it is needed.
import type { Text } from '@descent/experiments';
import { signal } from '@preact/signals';

/** Why files could not be opened: in plain words, and what the code that reads them reported. */
export interface OpenError {
  readonly text: Text;
  readonly details?: string;
}

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
