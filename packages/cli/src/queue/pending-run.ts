// One call of a coordinator's `run`: what it waits for, and what comes in.
import type { RunEvent } from '@descent/experiments';
import type { AsyncQueue } from './async-queue.ts';
import type { Wanted } from './jobs.ts';
import { type Failure, printable, type ResultMessage } from './messages.ts';

export type CoordinatorEvent =
  | { readonly kind: 'answer'; readonly message: ResultMessage; readonly id: string }
  | {
      readonly kind: 'progress';
      readonly tag: string;
      readonly step: number;
      readonly steps: number;
      readonly loss: number;
    }
  | { readonly kind: 'stop' };

/** One call of `run`. */
export interface PendingRun {
  readonly mail: AsyncQueue<CoordinatorEvent>;
  /** What has not been answered. */
  readonly waiting: Map<string, Wanted>;
  /** Steps that have been told of. */
  readonly steps: Map<string, number>;
}

export const describeFailure = ({ arm, reason, tries, worker }: Failure) =>
  `${arm} after ${tries === 1 ? '1 try' : `${tries} tries`} (${worker}): ${printable(reason)}`;

/** As an event, where it is news. */
export function* toldProgress(
  { waiting, steps: told }: PendingRun,
  letter: CoordinatorEvent & { kind: 'progress' },
): Generator<RunEvent> {
  const { tag, step, steps, loss } = letter;
  const arm = waiting.get(tag)?.arm.name;
  if (arm === undefined || told.get(tag) === step) return;
  told.set(tag, step);
  yield { kind: 'progress', arm, step, steps, losses: [loss] };
}
