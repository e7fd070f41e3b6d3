// The entry point of a worker thread of the pool.
import { parentPort } from 'node:worker_threads';
import { createRequestHandler } from '@descent/experiments';
import { type EnvironmentPlan, openEnvironment } from './environment.ts';
import { packError } from './pool.ts';

const open = async (plan: EnvironmentPlan) => {
  const { executor, data } = await openEnvironment(plan);
  return { executor, ready: data };
};
parentPort?.on(
  'message',
  createRequestHandler(open, (response, transfer) => parentPort?.postMessage(response, transfer), packError),
);
