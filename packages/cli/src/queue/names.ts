// Names in Redis. All keys are BullMQ's and begin with `descent:`.
import { createHash, randomBytes } from 'node:crypto';
import type { ArmSpec } from '@descent/experiments';

/** Prefix of all keys. */
export const PREFIX = 'descent';

/** Seconds for which results are kept if their run does not collect them. */
export const LIFETIME = 7 * 86_400;

/** Returns the SHA-256 digest of a value as JSON. */
export const hashOf = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** Creates the id of a run. It stays the same when the run is resumed. */
export const createRunId = () => randomBytes(8).toString('hex');

/** Returns the name of the queue for compatible runs and workers. */
export const toQueueName = (compatibilityDigest: string) => `arms-${compatibilityDigest.slice(0, 32)}`;

/** Returns the id of the job for an arm and the step at which it pauses; the same after the run was resumed. */
export const toJobId = (run: string, arm: ArmSpec, until: number | undefined) =>
  `${run}-${hashOf([arm, until ?? null]).slice(0, 32)}`;

/** Returns whether an id is one of `toJobId`, or the same with a number for a repetition. */
export const isJobId = (id: string | undefined) => /^[0-9a-f]{16}-[0-9a-f]{32}(\.\d{1,9})?$/.test(id ?? '');
