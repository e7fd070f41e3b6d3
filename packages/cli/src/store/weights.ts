// Files of trained weights in the folder of a run.
import type { Schedule } from '@descent/experiments';
import { sha256 } from '../builtin.ts';

/** The values of `--checkpoints`. */
export const policies = ['auto', 'all', 'none'] as const;

/** The most arms whose weights are saved by default: a search of 100 trials would leave 100 files. */
export const MAX_SAVED_ARMS = 16;

/** Returns whether a run saves the weights of its arms. */
export function savesWeights(policy: string | undefined, { planned, next }: Schedule): boolean {
  if (policy === 'none') return false;
  if (policy === 'all') return true;
  return planned.length <= MAX_SAVED_ARMS && next(new Map()).arms.some(({ task }) => task.kind === 'classifier');
}

/** Longer file names are not possible on every system. */
const MAX_NAME_LENGTH = 120;
/** Names that Windows reserves for devices, with any extension. */
const DEVICES = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** Converts the name of an arm to a file name: unique, valid on every system, and never a path. */
export function toFileName(arm: string): string {
  const safe = [...new TextEncoder().encode(arm)].map((byte) => {
    const character = String.fromCharCode(byte);
    return /[\w.~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  const name = safe.join('');
  if (name.length > MAX_NAME_LENGTH) {
    const digest = Buffer.from(sha256(Buffer.from(arm))).toString('hex');
    return `${name.slice(0, MAX_NAME_LENGTH - 20)}-${digest.slice(0, 16)}`;
  }
  return DEVICES.test(name) ? `%${name.charCodeAt(0).toString(16)}${name.slice(1)}` : name;
}
