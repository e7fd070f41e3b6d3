// The record of a run, `descent-run/1`: what figures are drawn from, what `verify` replays, what a page opens.
import type { Variant } from '@descent/nn';
import type { OptionValue } from '../options/options.ts';
import type { Text } from '../text.ts';

/** One measured quantity: `value[i]` after `step[i]` steps. Values are float32. */
export interface Series {
  /** Steps done, ascending; 0 is before the first. */
  step: number[];
  /** As many as there are steps. NaN and ±Infinity occur where a training diverged. */
  value: number[];
}

/** How many values fell into each of equal bins from low to high (the last one with its upper edge); those beyond are in none. */
export interface Histogram {
  /** The lower edge of the first bin. */
  low: number;
  /** The upper edge of the last bin. */
  high: number;
  /** One number a bin. */
  counts: number[];
}

/** Where a training first had a number that is not finite. */
export interface Divergence {
  /** The step of it. */
  step: number;
  /** The class of the layer; missing where only the loss is known not to be finite. */
  layer?: string | undefined;
  /** As in a state dict, or with `.grad` after it. */
  tensor?: string | undefined;
}

/** Where a search stopped a trial. */
export interface Pruned {
  /** Steps that it was given. */
  step: number;
}

/** What came of one training. */
export interface ArmRecord {
  /** As the experiment calls it, e.g. `Adam`; no two arms of a run have the same. */
  name: string;
  /** `diverged`: a loss or a weight ceased to be finite. `interrupted`: it can go on from a checkpoint. */
  status: 'finished' | 'diverged' | 'interrupted';
  /** By measure, e.g. `trainLoss`. */
  series: Record<string, Series>;
  /** Distributions by name, where the experiment is about any. */
  histograms?: Record<string, Histogram> | undefined;
  /** What a reader wants to know first, e.g. trainLoss (the last of the series) and testAccuracy. */
  final: Record<string, number>;
  /**
   * The step at which the loss or a parameter ceased to be finite, and which tensor of which layer did so first.
   * Only with status `diverged`.
   */
  divergence?: Divergence | undefined;
  /** Of a trial that a search stopped early because others did better: the steps it was given. Only with status `finished`. */
  pruned?: Pruned | undefined;
  /** SHA-256 of final weights, optimizer state, running statistics and every series value and count. */
  digest: string;
}

/** A claim after its test on a record. */
export interface Verdict {
  /** Of the claim. */
  id: string;
  /** The claim, or where it does not hold the honest sentence instead. */
  text: Text;
  /** Whether the numbers of this run bear it out. */
  holds: boolean;
  /** The numbers that decided it, by name. */
  evidence: Record<string, number>;
}

/** Data by name and content. */
export interface DataName {
  /** `mnist`, or what the folder is called. */
  name: string;
  /** Of its files, one after the other, in 64 hexadecimal digits. */
  sha256: string;
}

/** A run: `run.json`, read and checked by `parseRecord`. */
export interface RunRecord {
  /** The format and its version. */
  format: 'descent-run/1';
  /** Name of the experiment. */
  experiment: string;
  /** Every option, defaults filled in. */
  options: Record<string, OptionValue>;
  /** What all random numbers follow from. */
  seed: number;
  /** What was learnt from, with the SHA-256 of its files; `noData` where an experiment needs none. */
  data: DataName;
  /** The kernels that computed it. */
  variant: Variant | 'relaxed-simd';
  /** In the order of the experiment. */
  arms: ArmRecord[];
  /** Of every claim that the arms can decide. */
  claims: Verdict[];
  /** SHA-256 over the arms' digests: equal where two runs are the same to the bit. */
  digest: string;
  /** What it ran on; outside every digest, as is the time it took. */
  environment: Record<string, string>;
  /** Seconds of all sittings together. */
  elapsedSeconds: number;
}

/** The name and SHA-256 that stand for "no data" in a record: those of no bytes. */
export const noData: RunRecord['data'] = {
  name: 'none',
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
};

/** A text that is not a record; the message says what was expected and where. */
export class RecordError extends Error {
  /** 'RecordError'. */
  override readonly name = 'RecordError';
}
