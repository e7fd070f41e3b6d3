// The step suite: one step of the training loop on real images, for two networks, four optimizers and every variant.
import { availableVariants, type Device, type DeviceOptions, loadDevice, type Variant } from '@descent/nn';
import {
  type BenchReport,
  createReport,
  type Host,
  measureInterleaved,
  type Timed,
  WrongKernelError,
} from '@descent/nn/bench';
import type { ImageData } from '@descent/nn/data';
import { type Profile, profileStep } from './profile.ts';
import { BATCH, FIRST_STEPS, StepCandidate, stepWorkloads } from './step-workloads.ts';

/** Time per step of one network and optimizer in one variant. */
export interface StepRow extends Timed {
  /** Sizes of the layers, such as `784-100x4-10`. */
  readonly network: string;
  /** Optimizer. */
  readonly optimizer: string;
  /** Images per batch. */
  readonly batch: number;
  /** Name of the data. */
  readonly data: string;
  /** Measured variant. */
  readonly variant: Variant;
}

/** Report of `benchStep`. */
export interface StepReport extends BenchReport<StepRow> {
  /** Suite that was run. */
  readonly suite: 'step';
  /** Time per op in a step of the first network and optimizer. */
  readonly profile?: Profile;
}

/** Options of `benchStep`. */
export interface StepBenchOptions {
  /** Default: all that the engine supports. */
  readonly variants?: readonly Variant[];
  /** Takes seconds instead of a minute: fewer rounds. */
  readonly quick?: boolean;
  /** Measures only networks and optimizers whose names contain this. */
  readonly only?: string;
  /** Adds a profile. */
  readonly profile?: boolean;
  /** Loads the images into the memory of a device. */
  readonly images: (device: Device) => ImageData | Promise<ImageData>;
  /** Name of the data. */
  readonly data: string;
  /** Replaces `loadDevice`, so that a test can inject a wrong kernel. */
  readonly load?: (options: DeviceOptions) => Promise<Device>;
}

const FULL = { rounds: 41, warmUpMs: 100, sampleMs: 4, budgetMs: 500, seed: 1 };
const QUICK = { rounds: 11, warmUpMs: 20, sampleMs: 2, budgetMs: 60, seed: 1 };

/**
 * Runs the step suite. The report has no rows if `only` matches no network and optimizer.
 * @throws WrongKernelError before any measurement, if two variants differ after the first steps
 */
export async function benchStep(host: Host, options: StepBenchOptions): Promise<StepReport> {
  const { quick = false, only = '', data: name, load = loadDevice } = options;
  const contexts: { device: Device; data: ImageData }[] = [];
  for (const variant of options.variants ?? availableVariants()) {
    const device = await load({ variant });
    contexts.push({ device, data: await options.images(device) });
  }
  const selected = contexts[0] ? stepWorkloads(contexts[0].data, only) : [];
  const [first] = selected;
  if (!first || !contexts[0]) return createReport('step', [], host);
  const entries: (Pick<StepRow, 'network' | 'optimizer' | 'variant'> & { readonly candidate: StepCandidate })[] = [];
  for (const { network, optimizer, arm } of selected) {
    for (const context of contexts) {
      const candidate = new StepCandidate(arm, context);
      entries.push({ network, optimizer, variant: context.device.variant, candidate });
      await host.pause();
    }
    checkEqual(arm.name, entries.slice(-contexts.length));
  }
  const candidates = entries.map(({ candidate }) => candidate);
  const times = await measureInterleaved(candidates, quick ? QUICK : FULL, host);
  const rows = entries.map(({ network, optimizer, variant }, i) => {
    return { network, optimizer, batch: BATCH, data: name, variant, ...(times[i] as Timed) };
  });
  const profile = options.profile && (await profileStep(host, first, contexts[0]));
  return { ...createReport('step', rows, host), ...(profile && { profile }) };
}

function checkEqual(name: string, entries: readonly { variant: Variant; candidate: StepCandidate }[]): void {
  const states = entries.map(({ candidate }) => new Float32Array(candidate.start.state.buffer));
  for (const [index, state] of states.entries()) {
    const at = state.findIndex((value, i) => !Object.is(value, states[0]?.[i]));
    if (at < 0) continue;
    throw new WrongKernelError(
      `[bench] ${name} differs after ${FIRST_STEPS} steps: value ${at} of the state is ${states[0]?.[at]} in ` +
        `${entries[0]?.variant}, but ${state[at]} in ${entries[index]?.variant}`,
    );
  }
}
