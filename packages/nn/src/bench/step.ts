// The step suite: batch, forward, loss, backward and update on real images, every optimizer and variant in turn.
import { availableVariants, type Device, type DeviceOptions, loadDevice, type Variant } from '@descent/kernels';
import {
  type BenchReport,
  benchRules,
  type Host,
  hostLike,
  type MeasurementPlan,
  measureInterleaved,
  noiseOf,
  type Timed,
  WrongKernelError,
} from '@descent/kernels/bench';
import { callable, checkArguments, optionsOf, string } from '../core/check.ts';
import type { ImageData } from '../data/mnist.ts';
import { BATCH, type NetworkName, networks, type OptimizerName, optimizers } from './networks.ts';
import type { Profile, profileStep } from './profile.ts';
import { Trainer } from './trainer.ts';

/** One network and optimizer in one variant: microseconds a step of batch, forward, loss, backward and update. */
export interface StepRow extends Timed {
  /** Layer sizes, as in `784-100x4-10`. */
  readonly network: NetworkName;
  /** Its label. */
  readonly optimizer: OptimizerName;
  /** Images a step. */
  readonly batch: number;
  /** What the images are called. */
  readonly data: string;
  /** The kernels that were timed. */
  readonly variant: Variant;
}

/** What `benchStep` hands over. */
export interface StepReport extends BenchReport<StepRow> {
  /** What tells reports apart. */
  readonly suite: 'step';
  /** Where a step of the first network and optimizer spends its time. */
  readonly profile?: Profile;
}

/** What to time, on what. */
export interface StepBenchOptions {
  /** Default: all that the engine runs. */
  readonly variants?: readonly Variant[];
  /** A few seconds instead of a minute: fewer rounds. */
  readonly quick?: boolean;
  /** Only networks or optimizers whose name contains this. */
  readonly only?: string;
  /** Adds a profile, which takes some seconds more. It is handed over so that a page that shows none need not carry it. */
  readonly profile?: typeof profileStep | false;
  /** Puts the images into the memory of a device. */
  readonly images: (device: Device) => ImageData | Promise<ImageData>;
  /** What they are called. */
  readonly data: string;
  /** Of the order of turns. Default 1. */
  readonly seed?: number;
  /** Goes into the report as it is. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Instead of `loadDevice`, so that a test can slip in a wrong kernel. */
  readonly load?: (options: DeviceOptions) => Promise<Device>;
}

const FULL = { rounds: 41, warmUpMs: 100, sampleMs: 4, budgetMs: 500 };
const QUICK = { rounds: 11, warmUpMs: 20, sampleMs: 2, budgetMs: 60 };

/** Steps before the first sample, which each sample goes on from. */
const LEAD = 20;

interface Entry {
  readonly names: Omit<StepRow, keyof Timed>;
  readonly trainer: Trainer;
}

/**
 * @throws WrongKernelError before anything is timed, where the parameters after the first steps are not those of the other
 * variants
 */
export async function benchStep(host: Host, options: StepBenchOptions): Promise<StepReport> {
  const rules = {
    ...benchRules,
    data: string,
    images: callable('a function of a device'),
    profile: (who: string, name: string, value: unknown) =>
      value === false || callable('profileStep')(who, name, value),
  };
  checkArguments('benchStep', arguments, {
    host: hostLike,
    options: optionsOf<StepBenchOptions>(rules, ['images', 'data']),
  });
  const { quick = false, seed = 1, environment = {}, load = loadDevice } = options;
  const chosen = options.variants ?? availableVariants();
  const entries: Entry[] = [];
  const data = new Map<Variant, ImageData>();
  for (const variant of chosen) {
    const device = await load({ variant });
    data.set(variant, await options.images(device));
  }
  for (const [network, optimizer] of pairs(options.only)) {
    for (const [variant, { train }] of data) {
      const trainer = new Trainer(network, optimizer, train, LEAD);
      entries.push({ names: { network, optimizer, batch: BATCH, data: options.data, variant }, trainer });
      await host.pause();
    }
    checkAgreement(entries.slice(-data.size));
  }
  const plan: MeasurementPlan = { ...(quick ? QUICK : FULL), seed };
  const times = await measureInterleaved(
    entries.map(({ trainer }) => trainer),
    plan,
    host,
  );
  const rows = entries.map(({ names }, i) => ({ ...names, ...(times[i] as Timed) }));
  const [first] = pairs(options.only);
  const [images] = data.values();
  const profile = options.profile && first && images && (await options.profile(host, ...first, images));
  const report = {
    format: 'descent-bench/1',
    suite: 'step',
    rows,
    noise: noiseOf(rows),
    notes: [],
    environment,
  } as const;
  return profile ? { ...report, profile } : report;
}

/** Every optimizer on every network, as far as either is asked for. */
function pairs(only = ''): [NetworkName, OptimizerName][] {
  const all = (Object.keys(networks) as NetworkName[]).flatMap((network) =>
    (Object.keys(optimizers) as OptimizerName[]).map((optimizer): [NetworkName, OptimizerName] => [network, optimizer]),
  );
  return all.filter((names) => names.join(' ').includes(only));
}

function checkAgreement(entries: readonly Entry[]): void {
  const [first, ...others] = entries;
  for (const { names, trainer } of others) {
    const at = trainer.start.findIndex((value, i) => !Object.is(value, first?.trainer.start[i]));
    if (at < 0) continue;
    throw new WrongKernelError(
      `[bench] expected ${names.network} under ${names.optimizer} to have the same parameters after ${LEAD} steps in ` +
        `${first?.names.variant} and ${names.variant}, but parameter ${at} is ${first?.trainer.start[at]} and ` +
        `${trainer.start[at]}; a wrong kernel is not timed`,
    );
  }
}
