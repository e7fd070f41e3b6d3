// The worker of the benchmark: runs a suite with the clock of this browser.
import { imagesFrom } from '@descent/experiments';
import { benchKernels, benchStep, type Host, type KernelsReport, type StepReport } from '@descent/experiments/bench';
import { type Images, readImages } from '../images/images.ts';
import { nextTask } from '../worker/next-task.ts';

export interface BenchRequest {
  readonly suite: 'kernels' | 'step';
  readonly quick: boolean;
  /** Measures only rows whose name contains this. */
  readonly only: string;
  /** Data of the step suite. */
  readonly images?: Images;
}

export type Report = KernelsReport | StepReport;

export type BenchMessage =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'done'; readonly report: Report }
  | { readonly kind: 'failed'; readonly message: string };

const post: (message: BenchMessage) => void = postMessage;

const host: Host = {
  clock: () => performance.now(),
  pause: nextTask,
  progress: (share) => post({ kind: 'progress', share }),
  environment: { runtime: navigator.userAgent, cpu: `${navigator.hardwareConcurrency} threads` },
};

addEventListener('message', ({ data: request }: MessageEvent<BenchRequest>) => {
  measure(request).then(
    (report) => post({ kind: 'done', report }),
    (error) => post({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
  );
});

async function measure({ suite, images, ...options }: BenchRequest): Promise<Report> {
  if (suite === 'kernels' || !images) return benchKernels(host, options);
  const files = await readImages(images);
  // The page has verified the files.
  const unverified = { sha256: () => new Uint8Array(32) };
  return benchStep(host, {
    ...options,
    images: (device) => imagesFrom(device, files, unverified),
    data: images.source.name,
  });
}
