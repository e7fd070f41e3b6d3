// The record of a run, in the format `descent-run/1`. Figures are drawn from it, and `descent verify` replays it.
import type { Variant } from '@descent/nn';
import type { OptionValue } from '../options/options.ts';
import type { Text } from '../text.ts';

/** The values of a measure: `value[i]` after `step[i]` steps. Values are float32. */
export interface Series {
  /** Completed steps in ascending order; 0 is before the first step. */
  step: number[];
  /** One value per step. NaN and ±Infinity occur in diverged trainings. */
  value: number[];
}

/**
 * Counts of values in equal bins from `low` to `high`. The last bin includes its upper edge; values outside are not
 * counted.
 */
export interface Histogram {
  /** The lower edge of the first bin. */
  low: number;
  /** The upper edge of the last bin. */
  high: number;
  /** One count per bin. */
  counts: number[];
}

/** The first non-finite number of a training. */
export interface Divergence {
  /** The step. */
  step: number;
  /** The class of the layer; missing if only the loss is known to be non-finite. */
  layer?: string | undefined;
  /** Name of the tensor as in a state dict, or with `.grad` at its end. */
  tensor?: string | undefined;
}

/** The end of a trial that a search stopped early. */
export interface Pruned {
  /** Steps that the trial was trained. */
  step: number;
}

/** The result of one training. */
export interface ArmRecord {
  /** Name in the experiment, such as `Adam`; unique within the run. */
  name: string;
  /** `diverged`: a loss or a weight became non-finite. `interrupted`: the arm can continue from a checkpoint. */
  status: 'finished' | 'diverged' | 'interrupted';
  /** Series by measure, such as `trainLoss`. */
  series: Record<string, Series>;
  /** Histograms by name, if the experiment has any. */
  histograms?: Record<string, Histogram> | undefined;
  /** Final values, such as `trainLoss` (the last of its series) and `testAccuracy`. */
  final: Record<string, number>;
  /** The first non-finite number. Only with status `diverged`. */
  divergence?: Divergence | undefined;
  /** Set for a trial that a search stopped early because others were better. Only with status `finished`. */
  pruned?: Pruned | undefined;
  /** SHA-256 of final weights, optimizer state, running statistics and every series value and count. */
  digest: string;
}

/** The result of a claim's test. */
export interface Verdict {
  /** Id of the claim. */
  id: string;
  /** The statement of the claim, or the alternative if it does not hold. */
  text: Text;
  /** Whether the claim holds for this run. */
  holds: boolean;
  /** The numbers on which the verdict is based, by name. */
  evidence: Record<string, number>;
}

/** Name and digest of data. */
export interface DataName {
  /** `mnist`, or the name of the folder. */
  name: string;
  /** SHA-256 of the concatenated files in 64 hexadecimal digits. */
  sha256: string;
}

/** The record of a run, `run.json`. */
export interface RunRecord {
  /** Name and version of the format. */
  format: 'descent-run/1';
  /** Name of the experiment. */
  experiment: string;
  /** Every option, including defaults. */
  options: Record<string, OptionValue>;
  /** Seed of all random numbers. */
  seed: number;
  /** The training data; `noData` if the experiment needs none. */
  data: DataName;
  /** Variant of the kernels. */
  variant: Variant | 'relaxed-simd';
  /** In the order of the experiment. */
  arms: ArmRecord[];
  /** Verdicts of all claims that apply to the run. */
  claims: Verdict[];
  /** SHA-256 of the digests of the arms: equal for two runs with the same bits. */
  digest: string;
  /** Machine and versions. Neither this nor the time is part of a digest. */
  environment: Record<string, string>;
  /** Training time in seconds, including all resumed parts. */
  elapsedSeconds: number;
}

/** Returns whether every arm of a record has ended. */
export function isComplete({ arms }: Pick<RunRecord, 'arms'>): boolean {
  return arms.every(({ status }) => status !== 'interrupted');
}

/** The data of an experiment that needs none: the SHA-256 of no bytes. */
export const noData: RunRecord['data'] = {
  name: 'none',
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
};

/** An invalid record. The message says what was expected and where. */
export class RecordError extends Error {
  /** 'RecordError'. */
  override readonly name = 'RecordError';
}
