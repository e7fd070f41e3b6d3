// The profile of a training step: time per op, measured around every call of a kernel.
import { type Device, type Kernels, Tensor, TensorDataset } from '@descent/nn';
import { type Host, measureInterleaved, roundTo5Digits, shapeOfCall } from '@descent/nn/bench';
import type { ImageData } from '@descent/nn/data';
import { StepCandidate, type StepWorkload } from './step-workloads.ts';

/** Part of a training step. */
export type Phase = 'batch' | 'forward' | 'loss' | 'backward' | 'update';

/** An op at one size within one phase. */
export interface ProfileRow {
  /** Part of the step. */
  readonly phase: Phase;
  /** Name in `Kernels`. */
  readonly op: string;
  /** Sizes of the call. */
  readonly shape: readonly number[];
  /** Calls per step. */
  readonly calls: number;
  /** Microseconds per step. */
  readonly us: number;
  /** Share of the step. */
  readonly share: number;
}

/** Time per op of a training step. */
export interface Profile {
  /** Sizes of the layers. */
  readonly network: string;
  /** Optimizer. */
  readonly optimizer: string;
  /** Measured variant. */
  readonly variant: string;
  /** Median time per step without the profiler. */
  readonly stepUs: number;
  /** Time that the profiler adds to a step. */
  readonly stopwatchUs: number;
  /** Time per step outside the kernels. */
  readonly outsideUs: number;
  /** Ops, the longest first. */
  readonly ops: readonly ProfileRow[];
}

const STEPS = 200;
const PLAN = { rounds: 41, warmUpMs: 50, sampleMs: 4, budgetMs: 400, seed: 1 };

/** Measures where a training step spends its time. */
export async function profileStep(
  host: Host,
  { network, optimizer, arm }: StepWorkload,
  { device, data }: { readonly device: Device; readonly data: ImageData },
): Promise<Profile> {
  const profiler = new Profiler(device, host.clock);
  const plain = new StepCandidate(arm, { device, data });
  const onProfiler = { device: profiler.device, train: move(data.train, profiler), test: move(data.test, profiler) };
  const profiled = new StepCandidate(arm, { device: profiler.device, data: onProfiler });
  const [stepUs = 0, profiledUs = 0] = (await measureInterleaved([plain, profiled], PLAN, host)).map((t) => t.medianUs);
  profiler.watch(profiled);
  profiled.before();
  const steps = Array.from({ length: STEPS }, () => profiler.profile(() => profiled.run(1)));
  // The faster half: other load on the machine affects it least.
  const quiet = steps.sort((a, b) => a.us - b.us).slice(0, STEPS / 2);
  const ops = averageOps(quiet, stepUs);
  return {
    network,
    optimizer,
    variant: device.variant,
    stepUs,
    stopwatchUs: roundTo5Digits(profiledUs - stepUs),
    outsideUs: roundTo5Digits(Math.max(0, stepUs - ops.reduce((sum, { us }) => sum + us, 0))),
    ops,
  };
}

/** Returns the same examples in the same memory, with the kernels of the profiler. */
function move({ inputs, labels }: TensorDataset, { device }: Profiler): TensorDataset {
  const onDevice = (tensor: Tensor | Tensor<'uint8'> | Tensor<'int32'>) =>
    new Tensor(device, tensor.dtype, tensor.pointer, tensor.shape);
  return new TensorDataset({ inputs: onDevice(inputs) as never, labels: onDevice(labels) as never });
}

interface OpTime extends Pick<ProfileRow, 'phase' | 'op' | 'shape'> {
  calls: number;
  us: number;
}

interface ProfiledStep {
  readonly us: number;
  readonly ops: ReadonlyMap<string, OpTime>;
}

type Kernel = (...args: number[]) => number | undefined;

/** A device whose kernels measure their own time. */
class Profiler {
  readonly device: Device;
  readonly #clock: Host['clock'];
  /** Time of one call of the clock, which every measurement contains. */
  readonly #clockUs: number;
  #phase: Phase = 'batch';
  #ops = new Map<string, OpTime>();

  constructor(device: Device, clock: Host['clock']) {
    this.#clock = clock;
    const start = clock();
    for (let i = 1; i < 10_000; i++) clock();
    this.#clockUs = (clock() - start) / 10;
    const kernels = Object.entries(device.kernels).map(([op, kernel]) => [op, this.#measure(op, kernel as Kernel)]);
    this.device = { ...device, kernels: Object.fromEntries(kernels) as unknown as Kernels };
  }

  /** Follows the phases of a training by the calls of its model. */
  watch({ training: { model } }: StepCandidate): void {
    if (!model) return;
    const [forward, backward] = [model.forward.bind(model), model.backward.bind(model)];
    model.forward = (x) => {
      this.#phase = 'forward';
      const y = forward(x);
      this.#phase = 'loss';
      return y;
    };
    model.backward = (dy) => {
      this.#phase = 'backward';
      const dx = backward(dy);
      this.#phase = 'update';
      return dx;
    };
  }

  /** Runs a step and returns the time of its ops. */
  profile(step: () => void): ProfiledStep {
    this.#ops = new Map();
    this.#phase = 'batch';
    const start = this.#clock();
    step();
    return { us: 1000 * (this.#clock() - start), ops: this.#ops };
  }

  #measure(op: string, kernel: Kernel): Kernel {
    return (...args) => {
      const start = this.#clock();
      const result = kernel(...args);
      const us = 1000 * (this.#clock() - start) - this.#clockUs;
      addOp(this.#ops, { phase: this.#phase, op, shape: shapeOfCall(op, args), calls: 1, us });
      return result;
    };
  }
}

function addOp(ops: Map<string, OpTime>, added: OpTime): void {
  const key = `${added.phase} ${added.op} ${added.shape}`;
  const known = ops.get(key);
  if (!known) return void ops.set(key, { ...added });
  known.calls += added.calls;
  known.us += added.us;
}

/** Returns the mean of each op over the steps, the longest first. A coarse clock needs a mean. */
function averageOps(steps: readonly ProfiledStep[], totalUs: number): ProfileRow[] {
  const sums = new Map<string, OpTime>();
  for (const { ops } of steps) for (const op of ops.values()) addOp(sums, op);
  const rows = [...sums.values()].map(({ calls, us, ...names }) => {
    const mean = Math.max(0, us / steps.length);
    return {
      ...names,
      calls: roundTo5Digits(calls / steps.length),
      us: roundTo5Digits(mean),
      share: roundTo5Digits(mean / totalUs),
    };
  });
  return rows.sort((a, b) => b.us - a.us);
}
