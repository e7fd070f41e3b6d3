// The images of a run: the part of MNIST that its arms need, or the reader's own images.
import type { ArmSpec, Experiment, Schedule } from '@descent/experiments';
import type { Images } from './images.ts';
import { fetchMnist, type OnProgress } from './mnist.ts';
import { ownImages } from './own-images.ts';

let mnist: { readonly samples: number; readonly images: Promise<Images> } | undefined;

/** Loads the images of a run. Returns undefined if the experiment needs none. */
export async function loadImages(
  { data }: Experiment,
  schedule: Schedule,
  onProgress: OnProgress,
): Promise<Images | undefined> {
  if (data === 'none') return undefined;
  if (ownImages.value) return ownImages.value;
  const samples = getTrainSamples(schedule.next(new Map()).arms);
  if (!mnist || mnist.samples < samples) {
    const images = fetchMnist(samples, onProgress);
    mnist = { samples, images };
    images.catch(() => {
      mnist = undefined;
    });
  }
  return mnist.images;
}

/** Returns how many training images the arms need, counted from the first; Infinity if an arm needs all. */
function getTrainSamples(specs: readonly ArmSpec[]): number {
  return Math.max(...specs.map(({ task }) => ('trainSamples' in task ? task.trainSamples : Number.POSITIVE_INFINITY)));
}
