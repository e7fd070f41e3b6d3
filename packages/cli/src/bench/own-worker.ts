// A worker that the bench starts for itself, as its user would: a process of its own, by the same command.
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Variant } from '@descent/experiments';
import type { Redis } from 'ioredis';
import { Exit, exitCodes, usageError } from '../exit.ts';
import type { QueueAddress } from '../queue/address.ts';
import { connect } from '../queue/connection.ts';
import { openQueue, type QueueLink } from '../queue/coordinator.ts';
import { workersIn } from '../queue/worker-monitor.ts';

/** Milliseconds between looks for the worker's announcement. */
const GLANCE = 20;

export interface OwnWorker extends QueueLink {
  /** Fires with the reason when the worker is gone, or the bench is to end. */
  readonly signal: AbortSignal;
  interrupt(): void;
}

interface WorkerPlan {
  readonly jobs: number;
  readonly variant: Variant;
  readonly source: string;
}

/** @throws Exit where no Redis answers, another worker would take part, or ours does not come up */
export async function openOwnWorker(
  { typed, address }: { typed: string; address: QueueAddress },
  { jobs, variant, source }: WorkerPlan,
): Promise<OwnWorker> {
  const redis = await connect(address);
  const link = await openQueue(address);
  const stopping = new AbortController();
  const { signal } = stopping;
  let child: ChildProcess | undefined;
  const close = async () => {
    await link.close();
    redis.disconnect();
    if (child) await ended(child);
  };
  try {
    const others = await workersIn(redis);
    if (others.length > 0) throw queueInUse(address.shown, others.length);
    child = start(typed, ['--jobs', `${jobs}`, '--variant', variant, '--data', source], (reason) =>
      stopping.abort(workerLost(reason)),
    );
    await announced(redis, child, signal);
  } catch (error) {
    await close();
    throw error;
  }
  return { ...link, close, signal, interrupt: () => stopping.abort(new Exit(exitCodes.interrupted, 'interrupted')) };
}

/** The address goes through the environment: arguments are visible in `ps`, and it may hold a password. */
function start(queue: string, flags: readonly string[], tellLoss: (reason: string) => void): ChildProcess {
  const command = [...process.execArgv, process.argv[1] as string, 'worker', '--quiet', ...flags];
  const env = { ...process.env, DESCENT_QUEUE: queue };
  const child = spawn(process.execPath, command, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr?.on('data', (text: Buffer) => (said += text));
  child.on('error', ({ message }) => tellLoss(message));
  child.on('close', () => tellLoss(said.trim().split('\n')[0] ?? ''));
  return child;
}

/** Until it takes trials. */
async function announced(redis: Redis, { pid }: ChildProcess, signal: AbortSignal): Promise<void> {
  while (!(await workersIn(redis)).some((worker) => worker.pid === pid)) {
    await sleep(GLANCE);
    signal.throwIfAborted();
  }
}

/** It has nothing to give back, and takes itself off the list. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  await gone;
}

const queueInUse = (shown: string, workers: number) =>
  usageError(
    `bench starts a worker of its own, but ${workers === 1 ? 'one is' : `${workers} are`} at ${shown}`,
    'another database is another queue: redis://host/1',
  );

const workerLost = (said: string) =>
  new Exit(exitCodes.fault, `the worker of the benchmark exited${said && `: ${said.replace(/^error: /, '')}`}`);
