// What a worker sees in a network: answers, weights, the distributions in its layers, mistakes.
import {
  type Device,
  examplesFrom,
  firstWeights,
  type Histogram,
  histogramOf,
  inspect,
  misclassified,
  predict,
  Training,
  type TrainingContext,
} from '@descent/experiments';
import type { Inside, InspectionResult, Look, NamedHistogram } from './messages.ts';

/** Pictures of weights and of mistakes, at most. */
const MOST = 100;
/** Examples that go through the layers, where the network takes so many at once. */
const BATCH = 100;
const BINS = 40;

/** Trains the arm to where it is looked at, and looks. */
export function inspectArm(look: Look, context: TrainingContext): InspectionResult {
  const { arm, checkpoint, step, pixels, isThorough } = look;
  const training = new Training(arm, context, checkpoint);
  try {
    const steps = training.run();
    while (training.step < step && !steps.next().done);
    return {
      arm: arm.name,
      checkpoint: training.snapshot(),
      ...(pixels && answerTo(pixels, look, training, context.device)),
      ...(isThorough && { inside: insideOf(look, training, context) }),
    };
  } finally {
    training.release();
  }
}

function answerTo(pixels: Uint8Array, { imageShape }: Look, training: Training, device: Device) {
  const mark = device.arena.mark();
  const image = examplesFrom(device, pixels, imageShape);
  const { answers, probabilities } = predict(training, image);
  device.arena.release(mark);
  return { answer: answers[0], probabilities };
}

function insideOf({ imageShape }: Look, training: Training, { data }: TrainingContext): Inside {
  const { train, test } = data as NonNullable<TrainingContext['data']>;
  const { task } = training.spec;
  const tested = Math.min(test.length, 'testSamples' in task ? task.testSamples : test.length);
  const weights = firstWeights(training, imageShape);
  const [units, ...picture] = weights.shape;
  const shown = Math.min(units, MOST);
  const { layers } = inspect(training, train.slice(0, Math.min(BATCH, train.length)));
  const wrong = misclassified(training, test.slice(0, tested)).sort((a, b) => b.probability - a.probability);
  return {
    digest: training.record().digest,
    weights: {
      shape: [shown, ...picture],
      values: weights.values.slice(0, shown * picture[0] * picture[1]),
    },
    units,
    activations: layers.map(({ name, kind, outputs }) => distribution(`${name} ${kind}`, outputs.values)),
    gradients: layers.flatMap(({ parameters }) =>
      parameters.flatMap(({ name, shape, gradients }) => (shape.length > 1 ? [distribution(name, gradients)] : [])),
    ),
    mistakes: wrong,
    pictures: wrong.slice(0, MOST).map(({ index }) => test.inputs.rows(index, index + 1).data.slice() as Uint8Array),
    tested,
  };
}

/** Over all that is finite. */
function distribution(name: string, values: Float32Array): NamedHistogram {
  let [low, high] = [0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const histogram: Histogram = histogramOf(values, BINS, low < high ? [low, high] : [-1, 1]);
  return { ...histogram, name, total: values.length };
}
