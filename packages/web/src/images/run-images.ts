// What a run trains on: MNIST as far as its arms need it, or the reader's own images.
import type { ArmSpec, Experiment, Schedule } from '@descent/experiments';
import type { Images } from './images.ts';
import { fetchMnist, type OnProgress } from './mnist.ts';
import { ownImages } from './own-images.ts';

let mnist: { readonly samples: number; readonly images: Promise<Images> } | undefined;

/** None, where the experiment needs none. */
export async function imagesFor(
  { data }: Experiment,
  schedule: Schedule,
  onProgress: OnProgress,
): Promise<Images | undefined> {
  if (data === 'none') return undefined;
  if (ownImages.value) return ownImages.value;
  const samples = trainSamplesOf(schedule.next(new Map()).arms);
  if (!mnist || mnist.samples < samples) {
    const images = fetchMnist(samples, onProgress);
    mnist = { samples, images };
    images.catch(() => {
      mnist = undefined;
    });
  }
  return mnist.images;
}

/** How many training images the arms take, the first of them; all, where an arm does not say. */
function trainSamplesOf(specs: readonly ArmSpec[]): number {
  return Math.max(...specs.map(({ task }) => ('trainSamples' in task ? task.trainSamples : Number.POSITIVE_INFINITY)));
}
