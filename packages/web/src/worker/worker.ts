// Trains arms off the main thread: the same package, the same loop and the same bits as in a terminal.
import {
  createExecutor,
  type Executor,
  imagesFrom,
  loadDevice,
  MAX_CLASSES,
  type RunEvent,
  type TrainingContext,
} from '@descent/experiments';
import { readImages } from '../images/images.ts';
import { inspectArm } from './inspect.ts';
import type { BenchPlan, Look, Order, Report } from './messages.ts';
import { nextTask } from './next-task.ts';

/** Milliseconds between two reports of an arm. */
const REPORT_EVERY = 80;

/** @param transfer what the page gets for good, so that it need not be copied */
const send = (report: Report, transfer: Transferable[] = []): void => postMessage(report, { transfer });

let context: TrainingContext | undefined;
let stopping = new AbortController();

addEventListener('message', ({ data: order }: MessageEvent<Order>) => {
  if (order.kind === 'stop') stopping.abort();
  else if (order.kind === 'open') open(order.plan).catch(fail);
  else if (order.kind === 'look') look(order.look).catch(fail);
  else run(order).catch(fail);
});

async function open({ variant, images }: BenchPlan): Promise<void> {
  const device = await loadDevice({ ...(variant && { variant }) });
  // The page has checked the files; what it found is in `source`.
  const unchecked = { classes: MAX_CLASSES, sha256: () => new Uint8Array(32) };
  context = { device, ...(images && { data: imagesFrom(device, await readImages(images), unchecked) }) };
  send({ kind: 'ready', variant: device.variant });
}

async function run({ arm, checkpoint, until: pause }: Order & { kind: 'run' }): Promise<void> {
  stopping = new AbortController();
  const { signal } = stopping;
  const executor: Executor = createExecutor(context as TrainingContext, nextTask);
  const checkpoints = new Map(checkpoint ? [[arm.name, checkpoint]] : []);
  const until = new Map(pause === undefined ? [] : [[arm.name, pause]]);
  const on = { steps: 0 };
  for await (const event of executor.run([arm], { signal, checkpoints, until, checkpointEvery: REPORT_EVERY }))
    tell(event, on);
  send({ kind: 'done' });
}

/** A checkpoint on the way says how the arm fares; the last one before a pause is where it goes on. */
function tell(event: RunEvent, on: { steps: number }): void {
  if (event.kind === 'progress') on.steps = event.steps;
  if (event.kind === 'arm') send({ kind: 'arm', record: event.record });
  if (event.kind !== 'checkpoint') return;
  const { checkpoint } = event;
  send({ kind: 'checkpoint', checkpoint, steps: on.steps }, [checkpoint.state.buffer as ArrayBuffer]);
}

async function look(order: Look): Promise<void> {
  const sight = inspectArm(order, context as TrainingContext);
  send({ kind: 'seen', sight }, [sight.checkpoint.state.buffer as ArrayBuffer]);
  send({ kind: 'done' });
}

function fail(error: unknown): void {
  send({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
}
