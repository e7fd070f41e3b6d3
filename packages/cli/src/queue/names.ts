// What things are called in Redis. Everything begins with `descent:`; jobs are BullMQ's, the rest is ours.
import { createHash, randomBytes } from 'node:crypto';
import type { ArmSpec } from '@descent/experiments';

/** Before every key. */
export const PREFIX = 'descent';

/** Seconds after which what nobody has fetched is forgotten: a coordinator may be gone for so long. */
export const LIFETIME = 7 * 86_400;

export const hashOf = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** A run in Redis: one folder, however often it is resumed. */
export const newRunId = () => randomBytes(8).toString('hex');

/** What is asked for: an arm and how far. The same after a resumption, so that the answer still finds its question. */
export const tagOf = (arm: ArmSpec, until: number | undefined) => hashOf([arm, until ?? null]).slice(0, 32);

export const keys = {
  /** Ids of runs that want results, and of workers at work. */
  runs: `${PREFIX}:runs`,
  workers: `${PREFIX}:workers`,
  /** Its announcement; there as long as it wants results. */
  run: (run: string) => `${PREFIX}:run:${run}`,
  /** A stream of messages to the coordinator. */
  results: (run: string) => `${PREFIX}:run:${run}:results`,
  /** A hash: tag → how far. */
  progress: (run: string) => `${PREFIX}:run:${run}:progress`,
  /** Its announcement; gone a little after the worker is. */
  worker: (worker: string) => `${PREFIX}:worker:${worker}`,
};

/** The queue of all arms that a worker of this fit can run; BullMQ's keys begin with it. */
export const queueOf = (fit: string) => `arms-${fit.slice(0, 32)}`;

/** A custom id of BullMQ may hold no colon. */
export const jobIdOf = (run: string, tag: string) => `${run}-${tag}`;

/** @returns undefined where the id is none of ours */
export function readJobId(id: string | undefined): { run: string; tag: string } | undefined {
  const [, run, tag] = /^([0-9a-f]{16})-([0-9a-f]{32}(?:\.\d{1,9})?)$/.exec(id ?? '') ?? [];
  return run !== undefined && tag !== undefined ? { run, tag } : undefined;
}
