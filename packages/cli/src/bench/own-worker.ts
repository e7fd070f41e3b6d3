// The worker process that the benchmark starts to measure a queue.
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Variant } from '@descent/experiments';
import { Exit, exitCodes, usageError } from '../exit.ts';
import type { QueueAddress } from '../queue/address.ts';
import { connect } from '../queue/connection.ts';
import { openQueue, type QueueLink } from '../queue/coordinator.ts';
import { listPeers } from '../queue/peers.ts';

export interface OwnWorker extends QueueLink {
  /** Fires with the reason when the worker has ended or the benchmark is interrupted. */
  readonly signal: AbortSignal;
  interrupt(): void;
}

interface OwnWorkerPlan {
  readonly jobs: number;
  readonly variant: Variant;
  readonly source: string;
}

/** @throws Exit if Redis cannot be reached, another worker is connected, or the worker does not start */
export async function openOwnWorker(
  { typed, address }: { typed: string; address: QueueAddress },
  { jobs, variant, source }: OwnWorkerPlan,
): Promise<OwnWorker> {
  const redis = await connect(address);
  const link = await openQueue(address);
  const stopping = new AbortController();
  const { signal } = stopping;
  let child: ChildProcess | undefined;
  const close = async () => {
    await link.close();
    redis.disconnect();
    if (child) await stop(child);
  };
  try {
    const { length } = await listPeers(redis, 'worker');
    if (length > 0) {
      throw usageError(
        `bench starts its own worker, but ${length} ${length === 1 ? 'worker is' : 'workers are'} at ${address.shown}`,
        'use another database, which is another queue: redis://host/1',
      );
    }
    child = start(typed, ['--jobs', `${jobs}`, '--variant', variant, '--data', source], stopping);
    while ((await listPeers(redis, 'worker')).length === 0) {
      await sleep(20);
      signal.throwIfAborted();
    }
  } catch (error) {
    await close();
    throw error;
  }
  const interrupt = () => stopping.abort(new Exit(exitCodes.interrupted, 'interrupted'));
  return { ...link, close, signal, interrupt };
}

/** Passes the address in the environment, because other users can see the arguments of a process. */
function start(queue: string, flags: readonly string[], stopping: AbortController): ChildProcess {
  const command = [...process.execArgv, process.argv[1] as string, 'worker', '--quiet', ...flags];
  const env = { ...process.env, DESCENT_QUEUE: queue };
  const child = spawn(process.execPath, command, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr?.on('data', (text: Buffer) => (errors += text));
  const onEnd = (reason = '') => {
    const text = reason.replace(/^error: /, '');
    stopping.abort(new Exit(exitCodes.fault, `the worker of the benchmark ended${text && `: ${text}`}`));
  };
  child.on('error', ({ message }) => onEnd(message));
  child.on('close', () => onEnd(errors.trim().split('\n')[0]));
  return child;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  await ended;
}
