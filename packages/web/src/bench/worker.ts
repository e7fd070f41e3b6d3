// The suites of `descent bench` off the main thread: the same checks, turns and medians, by this browser's clock.
import { imagesFrom } from '@descent/experiments';
import { benchKernels, benchStep, type Host } from '@descent/experiments/bench';
import { readImages } from '../images/images.ts';
import { nextTask } from '../worker/next-task.ts';
import type { BenchNews, BenchOrder, Report } from './messages.ts';

const post: (news: BenchNews) => void = postMessage;

const host: Host = {
  clock: () => performance.now(),
  pause: nextTask,
  progress: (share) => post({ kind: 'progress', share }),
};

addEventListener('message', ({ data: order }: MessageEvent<BenchOrder>) => {
  measure(order).then(
    (report) => post({ kind: 'done', report }),
    (error) => post({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
  );
});

async function measure({ suite, images, ...options }: BenchOrder): Promise<Report> {
  if (suite === 'kernels' || !images) return benchKernels(host, options);
  const files = await readImages(images);
  // The page has checked the files.
  const unchecked = { sha256: () => new Uint8Array(32) };
  return benchStep(host, {
    ...options,
    images: (device) => imagesFrom(device, files, unchecked),
    data: images.source.name,
  });
}
