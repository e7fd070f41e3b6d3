// Runs experiments off the main thread: the same package, the same loop and the same bits as in a terminal.
import {
  assembleRecord,
  createExecutor,
  type Device,
  findExperiment,
  type ImageData,
  loadDevice,
  mnistFrom,
  noData,
  parseOptions,
  type RunRecord,
  stringifyRecord,
} from '@descent/experiments';
import { fetchImages } from './data.ts';
import type { Request, Response, RunRequest } from './ipc.ts';

const send: (response: Response) => void = postMessage;

let device: Promise<Device> | undefined;
let images: Promise<ImageData> | undefined;
let running: AbortController | undefined;
let last: Promise<void> = Promise.resolve();

addEventListener('message', ({ data }: MessageEvent<Request>) => {
  running?.abort();
  if (data.kind === 'stop') return;
  const controller = new AbortController();
  running = controller;
  // One run at a time: arms share the memory of one device.
  last = last.then(() => run(data, controller.signal)).catch(report);
});

async function run({ experiment: name, options: raw, seed }: RunRequest, signal: AbortSignal): Promise<void> {
  const experiment = findExperiment(name);
  const options = parseOptions(experiment.options, raw);
  device ??= loadDevice();
  const { variant } = await device;
  const data = experiment.data === 'mnist' ? await loadImages(await device) : undefined;
  const started = performance.now();
  const executor = createExecutor({ device: await device, ...(data && { data }) }, nextTask);
  const arms: RunRecord['arms'] = [];
  for await (const event of executor.run(experiment.arms(options, seed), { signal })) {
    if (event.kind === 'checkpoint') continue;
    if (event.kind === 'arm') arms.push(event.record);
    send({ kind: 'event', event });
  }
  const record = assembleRecord(experiment, {
    options: options as RunRecord['options'],
    seed,
    data: data ? { name: 'mnist', sha256: data.sha256 } : noData,
    variant,
    arms,
    environment: { runtime: navigator.userAgent },
    elapsedSeconds: (performance.now() - started) / 1000,
  });
  send({ kind: 'done', record: stringifyRecord(record) });
}

async function loadImages(on: Device): Promise<ImageData> {
  images ??= fetchImages((received, total) => send({ kind: 'loading', received, total })).then((files) =>
    mnistFrom(on, files),
  );
  images.catch(() => {
    images = undefined;
  });
  return images;
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

function report(error: unknown): void {
  send({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
}
