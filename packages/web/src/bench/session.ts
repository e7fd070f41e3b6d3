// The state of the benchmark page.
import { signal } from '@preact/signals';
import { fetchMnist } from '../images/mnist.ts';
import { ownImages } from '../images/own-images.ts';
import { t } from '../state/language.ts';
import type { BenchMessage, BenchRequest, Report } from './worker.ts';

export const benchPhase = signal<'idle' | 'loading' | 'measuring' | 'done' | 'stopped' | 'failed'>('idle');
/** Completed share of the phase. */
export const benchShare = signal(0);
export const benchError = signal('');
export const benchReport = signal<Report | undefined>(undefined);

let worker: Worker | undefined;

/** Training images of the step suite: all, as in the command line. */
const IMAGES = 60_000;

/** Starts a measurement in a new worker. */
export async function measure(request: BenchRequest): Promise<void> {
  resetBench();
  const own = new Worker(new URL('bench.js', import.meta.url), { type: 'module' });
  worker = own;
  own.onerror = ({ message }) => fail(message || 'The worker could not be started.');
  own.onmessage = ({ data }: MessageEvent<BenchMessage>) => onMessage(data);
  try {
    benchPhase.value = 'loading';
    const images = request.suite === 'step' ? (ownImages.value ?? (await fetchMnist(IMAGES, onFetched))) : undefined;
    if (worker !== own) return;
    benchShare.value = 0;
    benchPhase.value = 'measuring';
    own.postMessage({ ...request, ...(images && { images }) } satisfies BenchRequest);
  } catch (error) {
    if (worker === own) fail(error instanceof Error ? error.message : String(error));
  }
}

function onFetched(received: number, total: number): void {
  benchShare.value = received / total;
}

function onMessage(received: BenchMessage): void {
  if (received.kind === 'progress') benchShare.value = received.share;
  else if (received.kind === 'failed') fail(received.message);
  else if (received.report.rows.length === 0) fail(t('bench.no-match'));
  else {
    closeWorker();
    benchReport.value = received.report;
    benchPhase.value = 'done';
  }
}

export function stopBench(): void {
  if (!worker) return;
  closeWorker();
  benchPhase.value = 'stopped';
}

function fail(reason: string): void {
  closeWorker();
  benchError.value = reason;
  benchPhase.value = 'failed';
}

function closeWorker(): void {
  worker?.terminate();
  worker = undefined;
}

export function resetBench(): void {
  closeWorker();
  benchError.value = '';
  benchReport.value = undefined;
  benchShare.value = 0;
  benchPhase.value = 'idle';
}
