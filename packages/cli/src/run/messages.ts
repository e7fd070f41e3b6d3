// What the pool and its threads say to each other: data only, for it is cloned on the way.
import type { ArmSpec, Checkpoint, ExecuteOptions, RunEvent, RunRecord } from '@descent/experiments';
import { asExit, Exit } from '../errors.ts';
import { systemExit } from '../store/files.ts';

/** To a thread. */
export type Order =
  | {
      readonly kind: 'run';
      readonly arm: ArmSpec;
      readonly checkpoint?: Checkpoint;
      readonly checkpointEvery?: number;
      /** Steps after which it pauses. */
      readonly until?: number;
      /** Whether it hands out its last state. */
      readonly keepFinal?: boolean;
      /** What to tell of it as it goes. */
      readonly watch?: ExecuteOptions['watch'];
      /** Whether it is interrupted before it begins. */
      readonly isStopped?: boolean;
    }
  /** Interrupts the arm at work. */
  | { readonly kind: 'stop' };

/** From a thread. */
export type Report =
  | { readonly kind: 'ready'; readonly data: RunRecord['data'] }
  | { readonly kind: 'event'; readonly event: RunEvent }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** An error on its way to another thread, where a class would be lost. */
export interface Failure {
  readonly message: string;
  readonly stack?: string;
  /** Only of an `Exit`. */
  readonly code?: number;
  readonly hint?: string;
}

export function packError(thrown: unknown): Failure {
  const error = systemExit(asExit(thrown));
  if (error instanceof Exit) return { message: error.message, code: error.code, hint: error.hint };
  return error instanceof Error ? { message: error.message, stack: error.stack } : { message: String(error) };
}

export function unpackError({ message, stack, code, hint }: Failure): Error {
  if (code !== undefined) return new Exit(code, message, hint);
  return Object.assign(new Error(message), { stack });
}
