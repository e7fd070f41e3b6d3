// Trains arms off the main thread: the same package, the same loop and the same bits as in a terminal.
import {
  createExecutor,
  type Executor,
  imagesFrom,
  loadDevice,
  type RunEvent,
  type TrainingContext,
} from '@descent/experiments';
import { readImages } from './images.ts';
import type { BenchPlan, Order, Report } from './messages.ts';

/** Milliseconds between two reports of an arm. */
const REPORT_EVERY = 80;

const send: (report: Report) => void = postMessage;

let context: TrainingContext | undefined;
let stopping = new AbortController();

addEventListener('message', ({ data: order }: MessageEvent<Order>) => {
  if (order.kind === 'stop') stopping.abort();
  else if (order.kind === 'open') open(order.plan).catch(fail);
  else run(order).catch(fail);
});

async function open({ variant, images }: BenchPlan): Promise<void> {
  const device = await loadDevice({ ...(variant && { variant }) });
  // The page has checked the files; what it found is in `source`.
  const unchecked = { sha256: () => new Uint8Array(32) };
  context = { device, ...(images && { data: imagesFrom(device, await readImages(images), unchecked) }) };
  send({ kind: 'ready', variant: device.variant });
}

async function run({ arm, checkpoint, atMost }: Order & { kind: 'run' }): Promise<void> {
  stopping = new AbortController();
  const { signal } = stopping;
  const isStepping = atMost !== undefined;
  const executor: Executor = createExecutor(context as TrainingContext, nextTask, isStepping ? 0 : undefined);
  const checkpoints = new Map(checkpoint ? [[arm.name, checkpoint]] : []);
  const limit = (checkpoint?.step ?? 0) + (atMost ?? Number.POSITIVE_INFINITY);
  const length = { steps: 0 };
  for await (const event of executor.run([arm], { signal, checkpoints, checkpointEvery: REPORT_EVERY })) {
    tell(event, signal, length);
    if (event.kind === 'progress' && event.step >= limit) stopping.abort();
  }
  send({ kind: 'done' });
}

/** A checkpoint on the way says how the arm fares; one after a stop is where it goes on. */
function tell(event: RunEvent, { aborted }: AbortSignal, length: { steps: number }): void {
  if (event.kind === 'arm') send({ kind: 'arm', record: event.record });
  if (event.kind === 'progress') length.steps = event.steps;
  if (event.kind !== 'checkpoint') return;
  const { checkpoint } = event;
  const { arm, step, series, histograms } = checkpoint;
  if (aborted) send({ kind: 'checkpoint', checkpoint });
  send({
    kind: 'progress',
    progress: { arm, step, steps: length.steps, measured: { series, ...(histograms && { histograms }) } },
  });
}

/** Lets messages through. A timer would wait four milliseconds each time. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

function fail(error: unknown): void {
  send({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
}
