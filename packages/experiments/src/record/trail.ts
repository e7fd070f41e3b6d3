// A trail that a link can carry: a few bytes of every arm at a handful of steps, so that a run that comes out otherwise can say
// in which arm, and between which steps, it first left the way.
import { decodeBase64, encodeBase64 } from './base64.ts';
import { digestFloats } from './digest.ts';
import type { ArmRecord, RunRecord } from './record.ts';

/** Marks of an arm: its last one is of the arm's digest, the others of its series so far. */
const MOST_MARKS = 8;
const MARK_BYTES = 4;
const STEP_BYTES = 3;
/** As text this stays well below what a link may be. */
const MOST_BYTES = 1_000;

/** Where a run first differs from the one that left the trail: after one step, and by another. */
export interface Mismatch {
  /** The first arm of the record that differs. */
  readonly arm: string;
  /** The last step at which it is known to agree; 0 where none is. */
  readonly after: number;
  /** The step at which it differs already. */
  readonly by: number;
}

/** The trail of a run, fit for a link; undefined where it has too many arms for one. */
export function trailOf({ arms }: RunRecord): string | undefined {
  const marks = marksOf(arms.length);
  if (marks === 0) return undefined;
  const bytes = arms.flatMap((arm) => {
    const last = lastStep(arm);
    const steps = Array.from({ length: STEP_BYTES }, (_, i) => (last >>> (8 * i)) & 255);
    return [...steps, ...Array.from({ length: marks }, (_, i) => markAt(arm, i, marks, last)).flat()];
  });
  return encodeBase64(Uint8Array.from(bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/**
 * Where a run departs from a trail: undefined where it does not, or where the trail is not one of so many arms.
 * @param trail from a link, so it may be anything
 */
export function departureFrom(trail: string, { arms }: RunRecord): Mismatch | undefined {
  const marks = marksOf(arms.length);
  const bytes = bytesOf(trail);
  const size = STEP_BYTES + marks * MARK_BYTES;
  if (marks === 0 || bytes?.length !== size * arms.length) return undefined;
  for (const [index, arm] of arms.entries()) {
    const own = bytes.subarray(index * size, (index + 1) * size);
    const last = (own[0] as number) | ((own[1] as number) << 8) | ((own[2] as number) << 16);
    for (let i = 0; i < marks; i++) {
      const start = STEP_BYTES + i * MARK_BYTES;
      const isSame = markAt(arm, i, marks, last).every((byte, j) => byte === own[start + j]);
      if (!isSame) return { arm: arm.name, after: stepOf(i - 1, marks, last), by: stepOf(i, marks, last) };
    }
  }
  return undefined;
}

function marksOf(arms: number): number {
  return Math.max(0, Math.min(MOST_MARKS, Math.floor((MOST_BYTES / arms - STEP_BYTES) / MARK_BYTES)));
}

/** The steps of the marks lie evenly; the last is the end. */
function stepOf(mark: number, marks: number, last: number): number {
  return Math.floor(((mark + 1) * last) / marks);
}

function markAt(arm: ArmRecord, mark: number, marks: number, last: number): number[] {
  const digest = mark === marks - 1 ? arm.digest : digestUpTo(arm, stepOf(mark, marks, last));
  return Array.from({ length: MARK_BYTES }, (_, i) => Number.parseInt(digest.slice(2 * i, 2 * i + 2), 16));
}

/** Of all that was measured up to a step. */
function digestUpTo({ series }: ArmRecord, step: number): string {
  const parts = Object.values(series).flatMap(({ step: steps, value }) => {
    const beyond = steps.findIndex((at) => at > step);
    const end = beyond < 0 ? steps.length : beyond;
    return [steps.slice(0, end), value.slice(0, end)];
  });
  return digestFloats(parts);
}

function lastStep({ series }: ArmRecord): number {
  return Object.values(series).reduce((last, { step }) => Math.max(last, step.at(-1) ?? 0), 0);
}

function bytesOf(trail: string): Uint8Array | undefined {
  if (!/^[\w-]{1,1400}$/.test(trail)) return undefined;
  try {
    return decodeBase64(trail.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return undefined;
  }
}
