// How the figures of a run are shown.
import { signal } from '@preact/signals';
import { getStored, setStored } from './stored.ts';

/** Whether training losses have a logarithmic axis. */
export const isLogScale = signal(getStored('log-scale') === 'true');

export function setLogScale(isLog: boolean): void {
  isLogScale.value = isLog;
  setStored('log-scale', String(isLog));
}

/** Id of the claim whose averages are marked in the figures. */
export const markedClaim = signal('');
