// The workloads of the step suite: two networks with four optimizers, trained by the one training loop.
import type { Candidate } from '@descent/nn/bench';
import type { ImageData } from '@descent/nn/data';
import type { ArmSpec, OptimizerSpec } from '../training/arm.ts';
import { getDataExtent } from '../training/check-arms.ts';
import { DEFAULT_CLASSES } from '../training/network.ts';
import { type Checkpoint, Training, type TrainingContext } from '../training/training.ts';

/** Images per batch. */
export const BATCH = 128;
/** Steps before the state from which every sample starts. */
export const FIRST_STEPS = 20;

const optimizers: Readonly<Record<string, OptimizerSpec>> = {
  SGD: { kind: 'sgd', lr: 0.01, momentum: 0 },
  Momentum: { kind: 'sgd', lr: 0.01, momentum: 0.9 },
  AdaGrad: { kind: 'adagrad', lr: 0.01, eps: 1e-10 },
  Adam: { kind: 'adam', lr: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-8, epsilonHat: false },
};

/** An arm to measure, with its names in the report. */
export interface StepWorkload {
  readonly network: string;
  readonly optimizer: string;
  readonly arm: ArmSpec;
}

/** Returns the networks and optimizers whose names contain `only`, for images of any size. */
export function stepWorkloads(images: ImageData, only: string): StepWorkload[] {
  const { pixels, classes: found } = getDataExtent(images);
  const classes = Math.max(DEFAULT_CLASSES, found);
  const networks = [
    { network: `${pixels}-100x4-${classes}`, depth: 4, norm: 'none' as const },
    { network: `${pixels}-100x5-${classes}+batchnorm`, depth: 5, norm: 'batch' as const },
  ];
  const all = networks.flatMap(({ network, depth, norm }) =>
    Object.entries(optimizers).map(([optimizer, spec]): StepWorkload => {
      const arm = createArm(`${network} ${optimizer}`, new Array(depth).fill(100), norm, classes, spec);
      return { network, optimizer, arm };
    }),
  );
  return all.filter(({ arm }) => arm.name.includes(only));
}

function createArm(
  name: string,
  hiddenSizes: number[],
  norm: 'none' | 'batch',
  classes: number,
  optimizer: OptimizerSpec,
): ArmSpec {
  const network = { kind: 'perceptron', hiddenSizes, activation: 'relu', init: { kind: 'he' }, norm, dropout: 0 };
  return {
    name,
    seed: 1,
    task: {
      kind: 'classifier',
      network: { ...network, classes } as const as never,
      optimizer,
      batchSize: BATCH,
      steps: Number.MAX_SAFE_INTEGER,
      trainSamples: Number.MAX_SAFE_INTEGER,
      validationShare: 0,
      testSamples: 1,
      measures: [],
      evaluateEvery: 0,
      dialect: 'modern',
    },
  };
}

/** Steps of a training. Every sample starts from the same state. */
export class StepCandidate implements Candidate {
  readonly training: Training;
  readonly start: Checkpoint;
  readonly #steps: Generator<number, void>;

  constructor(arm: ArmSpec, context: TrainingContext) {
    this.training = new Training(arm, context);
    this.#steps = this.training.run();
    this.run(FIRST_STEPS);
    this.start = this.training.snapshot();
  }

  before(): void {
    this.training.restore(this.start);
  }

  run(times: number): void {
    for (; times > 0; times--) this.#steps.next();
  }
}
