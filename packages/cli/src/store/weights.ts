// Files of weights in the folder of a run: which runs leave any, and what they are called.
import type { Schedule } from '@descent/experiments';
import { sha256 } from '../builtin.ts';

/** What `--checkpoints` takes. */
export const policies = ['auto', 'all', 'none'] as const;

/** More arms leave no weights unless they are told to: a search of 100 trials would leave 100 files. */
export const MOST_ARMS = 16;

/** Whether a run leaves weights. */
export function keepsWeights(policy: string | undefined, { planned, next }: Schedule): boolean {
  if (policy === 'none') return false;
  if (policy === 'all') return true;
  return planned.length <= MOST_ARMS && next(new Map()).arms.some(({ task }) => task.kind === 'classifier');
}

/** Longer names do not fit into a folder everywhere. */
const MOST_CHARACTERS = 120;
/** What Windows takes for devices, whatever the ending. */
const DEVICES = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** A name of a file that says which arm it is of, that no arm can lead out of its folder, and that no other arm has. */
export function fileNameOf(arm: string): string {
  const safe = [...new TextEncoder().encode(arm)].map((byte) => {
    const character = String.fromCharCode(byte);
    return /[\w.~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  const name = safe.join('');
  if (name.length > MOST_CHARACTERS) {
    const digest = Buffer.from(sha256(Buffer.from(arm))).toString('hex');
    return `${name.slice(0, MOST_CHARACTERS - 20)}-${digest.slice(0, 16)}`;
  }
  if (!DEVICES.test(name)) return name;
  return `%${name.charCodeAt(0).toString(16)}${name.slice(1)}`;
}
