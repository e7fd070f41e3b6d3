// Where the time of a step goes, op by op: the kernels of a device behind a stopwatch.
import type { Device, Kernels } from '@descent/kernels';
import {
  type Host,
  hostLike,
  leadingSizes,
  measureInterleaved,
  roundTo4Digits,
  shapeOfCall,
} from '@descent/kernels/bench';
import { checkArguments, choice, having } from '../core/check.ts';
import { Tensor } from '../core/tensor.ts';
import { TensorDataset } from '../data/dataset.ts';
import type { ImageData } from '../data/mnist.ts';
import { evaluate } from '../metrics.ts';
import { type NetworkName, networks, type OptimizerName, optimizers } from './networks.ts';
import { type Phase, Trainer } from './trainer.ts';

/** An op at one size within one phase. */
export interface ProfileRow {
  /** The part of a step, or `evaluation`. */
  readonly phase: Phase | 'evaluation';
  /** As `Kernels` has it. */
  readonly op: string;
  /** The sizes that the op was called with. */
  readonly shape: readonly number[];
  /** A step, or an evaluation. */
  readonly calls: number;
  /** Microseconds of all its calls together. */
  readonly us: number;
  /** Of the time that all rows take. */
  readonly share: number;
}

/** Where the time goes while a network is only evaluated. */
export interface EvaluationProfile {
  /** How many images it was evaluated on. */
  readonly images: number;
  /** Microseconds in all. */
  readonly us: number;
  /** The longest first. */
  readonly ops: readonly ProfileRow[];
}

/** Where the time of a step goes, op by op. */
export interface Profile {
  /** What was trained. */
  readonly network: NetworkName;
  /** What trained it. */
  readonly optimizer: OptimizerName;
  /** The kernels it ran on. */
  readonly variant: string;
  /** Median time of a step without the stopwatch, and what the stopwatch adds to it: `ops` contain a part of that. */
  readonly stepUs: number;
  /** What the stopwatch adds to a step. */
  readonly stopwatchUs: number;
  /** Time of a step that no kernel takes: the JavaScript around them. */
  readonly outsideUs: number;
  /** The longest first. */
  readonly ops: readonly ProfileRow[];
  /** The same of an evaluation of so many images. */
  readonly evaluation: EvaluationProfile;
}

const STEPS = 200;
const EVALUATIONS = 5;

/**
 * Where a step of a network and an evaluation of it spend their time: `benchStep` takes this as `profile`.
 * @param images in the memory of the device to profile on
 */
export async function profileStep(
  host: Host,
  network: NetworkName,
  optimizer: OptimizerName,
  images: ImageData,
): Promise<Profile> {
  checkArguments('profileStep', arguments, {
    host: hostLike,
    network: choice(...Object.keys(networks)),
    optimizer: choice(...Object.keys(optimizers)),
    images: having('train', 'images, as mnistFrom gives them,'),
  });
  const { device } = images.train;
  const watch = new Stopwatch(device, host.clock);
  const plain = new Trainer(network, optimizer, images.train, STEPS);
  const watched = new Trainer(network, optimizer, onDevice(images.train, watch.device), STEPS);
  const plan = { rounds: 41, warmUpMs: 50, sampleMs: 4, budgetMs: 400, seed: 1 };
  const [bare, slowed] = (await measureInterleaved([plain, watched], plan, host)).map(({ medianUs }) => medianUs) as [
    number,
    number,
  ];
  const laps = Array.from({ length: STEPS }, () => watch.lap(() => watched.runProfiled((phase) => watch.enter(phase))));
  const ops = averageOf(quietHalf(laps), bare);
  const test = onDevice(images.test, watch.device);
  const runs = Array.from({ length: EVALUATIONS }, () => {
    watch.enter('evaluation');
    return watch.lap(() => evaluate(watched.model, watched.loss, test));
  });
  const evaluation = runs.reduce((a, b) => (b.us < a.us ? b : a));
  return {
    network,
    optimizer,
    variant: device.variant,
    stepUs: bare,
    stopwatchUs: roundTo4Digits(slowed - bare),
    outsideUs: roundTo4Digits(Math.max(0, bare - ops.reduce((sum, { us }) => sum + us, 0))),
    ops,
    evaluation: { images: test.length, us: roundTo4Digits(evaluation.us), ops: averageOf([evaluation], evaluation.us) },
  };
}

/** The same examples in the same memory, under other kernels. */
function onDevice({ inputs, labels }: TensorDataset, device: Device): TensorDataset {
  const move = (tensor: Tensor | Tensor<'uint8'> | Tensor<'int32'>) =>
    new Tensor(device, tensor.dtype, tensor.pointer, tensor.shape);
  return new TensorDataset({
    inputs: move(inputs) as TensorDataset['inputs'],
    labels: move(labels) as TensorDataset['labels'],
  });
}

interface Entry {
  readonly phase: ProfileRow['phase'];
  readonly op: string;
  readonly shape: readonly number[];
  calls: number;
  us: number;
}

interface Lap {
  readonly us: number;
  readonly entries: ReadonlyMap<string, Entry>;
}

/** Kernels that take their own time. */
class Stopwatch {
  readonly device: Device;
  readonly #clock: Host['clock'];
  /** What a reading of the clock takes, in microseconds; every interval contains one. */
  readonly #readingUs: number;
  #phase: ProfileRow['phase'] = 'batch';
  #entries = new Map<string, Entry>();

  constructor(device: Device, clock: Host['clock']) {
    this.#clock = clock;
    this.#readingUs = readingUs(clock);
    const kernels: Record<string, unknown> = {};
    for (const op of Object.keys(device.kernels)) {
      const kernel = device.kernels[op as keyof Kernels];
      if (typeof kernel === 'function') kernels[op] = this.#watch(op, kernel as Operation);
    }
    this.device = { ...device, kernels: kernels as unknown as Kernels };
  }

  enter(phase: ProfileRow['phase']): void {
    this.#phase = phase;
  }

  /** What happens while `work` is done. */
  lap(work: () => void): Lap {
    this.#entries = new Map();
    const start = this.#clock();
    work();
    return { us: 1000 * (this.#clock() - start), entries: this.#entries };
  }

  #watch(op: string, kernel: Operation): Operation {
    const sizes = leadingSizes(op);
    return (...args) => {
      const start = this.#clock();
      const result = kernel(...args);
      const us = 1000 * (this.#clock() - start) - this.#readingUs;
      const key = `${this.#phase} ${op} ${args.slice(0, sizes)}`;
      const entry = this.#entries.get(key);
      if (entry) {
        entry.calls++;
        entry.us += us;
      } else {
        this.#entries.set(key, { phase: this.#phase, op, shape: shapeOfCall(op, args), calls: 1, us });
      }
      return result;
    };
  }
}

type Operation = (...args: number[]) => number | undefined;

function readingUs(clock: Host['clock']): number {
  const readings = 10_000;
  const start = clock();
  for (let i = 1; i < readings; i++) clock();
  return (1000 * (clock() - start)) / readings;
}

/** The laps that others disturbed least. Within them a mean may be taken, which a coarse clock needs. */
const quietHalf = (laps: readonly Lap[]) => laps.toSorted((a, b) => a.us - b.us).slice(0, Math.ceil(laps.length / 2));

/** The mean of each op over the laps, the longest first. */
function averageOf(laps: readonly Lap[], totalUs: number): ProfileRow[] {
  const sums = new Map<string, Entry>();
  for (const { entries } of laps) {
    for (const [key, entry] of entries) {
      const sum = sums.get(key);
      if (sum) {
        sum.calls += entry.calls;
        sum.us += entry.us;
      } else sums.set(key, { ...entry });
    }
  }
  return [...sums.values()]
    .map(({ calls, us, ...names }) => {
      const mean = Math.max(0, us / laps.length);
      return {
        ...names,
        calls: roundTo4Digits(calls / laps.length),
        us: roundTo4Digits(mean),
        share: roundTo4Digits(mean / totalUs),
      };
    })
    .sort((a, b) => b.us - a.us);
}
