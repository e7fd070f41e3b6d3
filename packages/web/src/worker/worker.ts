// The entry point of a worker: it trains and inspects arms off the main thread.
import {
  createExecutor,
  createRequestHandler,
  imagesFrom,
  loadDevice,
  MAX_CLASSES,
  RoundRobin,
  type TrainingContext,
} from '@descent/experiments';
import { readImages } from '../images/images.ts';
import { inspectArm } from './inspect.ts';
import type { EnvironmentPlan, InspectionRequest } from './messages.ts';
import { nextTask } from './next-task.ts';

/** Milliseconds between two messages of a trial that trains alone. */
const SLICE_MS = 50;

async function open({ variant, images }: EnvironmentPlan) {
  const device = await loadDevice({ ...(variant && { variant }) });
  // The page has verified the files; their digest is in `source`.
  const unverified = { classes: MAX_CLASSES, sha256: () => new Uint8Array(32) };
  const data = images && imagesFrom(device, await readImages(images), unverified);
  const context: TrainingContext = { device, ...(data && { data }) };
  const answer = (request: InspectionRequest) => inspectArm(request, context);
  const createRoundRobin = () => new RoundRobin(context, nextTask);
  return { ready: device.variant, executor: createExecutor(context, nextTask, SLICE_MS), createRoundRobin, answer };
}

const handle = createRequestHandler(open, (response, transfer) => postMessage(response, { transfer }));
addEventListener('message', ({ data }: MessageEvent<Parameters<typeof handle>[0]>) => handle(data));
