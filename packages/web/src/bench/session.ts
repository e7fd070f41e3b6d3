// The benchmark that the page is at: measured here, or opened from a link.
import { type BenchView, viewOf } from '@descent/experiments/bench';
import { signal } from '@preact/signals';
import { fetchMnist } from '../images/mnist.ts';
import { ownImages } from '../images/own-images.ts';
import { replaceAddress } from '../state/page-state.ts';
import { linkToView, viewFrom } from './link.ts';
import type { BenchNews, BenchOrder, Report, SuiteName } from './messages.ts';

export type BenchPhase = 'idle' | 'loading' | 'measuring' | 'done' | 'stopped' | 'failed';

export const benchPhase = signal<BenchPhase>('idle');
export const benchShare = signal(0);
export const benchFault = signal('');
/** What is shown. */
export const benchView = signal<BenchView | undefined>(undefined);
/** What was measured here, all of it; missing where a link was opened. */
export const benchReport = signal<Report | undefined>(undefined);

/** Where what is shown can be seen again. */
export const benchLink = signal('');

let worker: Worker | undefined;
/** The link that was opened last. */
let opening = '';

/** Training images a step draws its batches from: as many as the command line's. */
const ALL = 60_000;

export interface BenchRequest {
  readonly suite: SuiteName;
  readonly quick: boolean;
  readonly only: string;
}

export async function measure(wish: BenchRequest): Promise<void> {
  clear();
  const own = new Worker(new URL('bench.js', import.meta.url), { type: 'module' });
  worker = own;
  own.onerror = ({ message }) => fail(message || 'The worker could not be started.');
  own.onmessage = ({ data: news }: MessageEvent<BenchNews>) => void onMessage(news);
  try {
    benchPhase.value = 'loading';
    const images = wish.suite === 'step' ? (ownImages.value ?? (await fetchMnist(ALL, fetched))) : undefined;
    if (worker !== own) return;
    const environment = { runtime: navigator.userAgent, cpu: `${navigator.hardwareConcurrency} threads` };
    const order: BenchOrder = { ...wish, environment, ...(images && { images }) };
    benchShare.value = 0;
    benchPhase.value = 'measuring';
    own.postMessage(order);
  } catch (error) {
    if (worker === own) fail(error instanceof Error ? error.message : String(error));
  }
}

function fetched(received: number, total: number): void {
  benchShare.value = received / total;
}

async function onMessage(news: BenchNews): Promise<void> {
  if (news.kind === 'progress') benchShare.value = news.share;
  else if (news.kind === 'failed') fail(news.message);
  else {
    close();
    benchReport.value = news.report;
    benchView.value = viewOf(news.report);
    benchPhase.value = 'done';
    benchLink.value = await linkToView(benchView.value);
    replaceAddress(benchLink.value);
  }
}

export function stopBench(): void {
  if (!worker) return;
  close();
  benchPhase.value = 'stopped';
}

function fail(message: string): void {
  close();
  benchFault.value = message;
  benchPhase.value = 'failed';
}

function close(): void {
  worker?.terminate();
  worker = undefined;
}

function clear(): void {
  close();
  benchFault.value = '';
  benchView.value = undefined;
  benchReport.value = undefined;
  benchShare.value = 0;
  benchPhase.value = 'idle';
}

/** Shows what a link carries; nothing where it carries nothing, and why not where it is none of ours. */
export async function openBench(hash: string): Promise<void> {
  clear();
  opening = hash;
  const opened = await viewFrom(hash).catch((error: unknown) =>
    error instanceof Error ? error.message : String(error),
  );
  // One link may take longer to unpack than the next.
  if (opening !== hash) return;
  if (typeof opened === 'string') return fail(opened);
  benchView.value = opened;
  benchLink.value = hash;
}
