// Inspects the network of an arm: predictions, weights, distributions in its layers, misclassified images.
import {
  type Device,
  examplesFrom,
  firstWeights,
  histogram,
  inspect,
  misclassified,
  predict,
  Training,
  type TrainingContext,
} from '@descent/experiments';
import type { Inside, InspectionRequest, InspectionResult, NamedHistogram } from './messages.ts';

/** Limit of the images of weights, and of misclassified images. */
const MAX_IMAGES = 100;
/** Number of training examples that pass through the layers. */
const MAX_EXAMPLES = 100;
const BINS = 40;

/** Trains the arm to the step of the request and inspects it there. */
export function inspectArm(request: InspectionRequest, context: TrainingContext): InspectionResult {
  const { arm, checkpoint, step, pixels, isThorough } = request;
  const training = new Training(arm, context, checkpoint);
  try {
    const steps = training.run();
    while (training.step < step && !steps.next().done);
    return {
      arm: arm.name,
      checkpoint: training.snapshot(),
      ...(pixels && classify(pixels, request, training, context.device)),
      ...(isThorough && { inside: inspectLayers(request, training, context) }),
    };
  } finally {
    training.release();
  }
}

function classify(pixels: Uint8Array, { imageShape }: InspectionRequest, training: Training, device: Device) {
  const mark = device.arena.mark();
  const image = examplesFrom(device, pixels, imageShape);
  const { labels: answers, probabilities } = predict(training, image);
  device.arena.release(mark);
  return { answer: answers[0], probabilities };
}

function inspectLayers({ imageShape }: InspectionRequest, training: Training, { data }: TrainingContext): Inside {
  const { train, test } = data as NonNullable<TrainingContext['data']>;
  const { task } = training.spec;
  const tested = Math.min(test.length, 'testSamples' in task ? task.testSamples : test.length);
  const weights = firstWeights(training, imageShape);
  const [units, ...image] = weights.shape;
  const shown = Math.min(units, MAX_IMAGES);
  const { layers } = inspect(training, train.slice(0, Math.min(MAX_EXAMPLES, train.length)));
  const wrong = misclassified(training, test.slice(0, tested)).sort((a, b) => b.probability - a.probability);
  return {
    digest: training.record().digest,
    weights: {
      shape: [shown, ...image],
      values: weights.values.slice(0, shown * image[0] * image[1]),
    },
    units,
    activations: layers.map(({ name, kind, outputs }) => distribution(`${name} ${kind}`, outputs.values)),
    gradients: layers.flatMap(({ parameters }) =>
      parameters.flatMap(({ name, shape, gradients }) => (shape.length > 1 ? [distribution(name, gradients)] : [])),
    ),
    mistakes: wrong,
    pictures: wrong
      .slice(0, MAX_IMAGES)
      .map(({ index }) => test.inputs.rows(index, index + 1).data.slice() as Uint8Array),
    tested,
  };
}

/** Returns the histogram of the finite values. */
function distribution(name: string, values: Float32Array): NamedHistogram {
  let [low, high] = [0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { ...histogram(values, BINS, low < high ? [low, high] : [-1, 1]), name, total: values.length };
}
