// The runs of `descent run` as event files: one folder an arm, as TensorBoard tells runs apart.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ArmRecord,
  type Experiment,
  inspect,
  loadDevice,
  type NetworkView,
  placeImages,
  type RunRecord,
  scheduleOf,
  Training,
  type TrainingContext,
} from '@descent/experiments';
import { readCheckpoint, writeArmEvents } from '@descent/experiments/formats';
import { builtin, sha256 } from '../builtin.ts';
import { findData, readImageFiles } from '../data/data.ts';
import { makeFolders, writeWhole } from '../files.ts';
import { fileNameOf } from '../folder/weights.ts';
import type { BenchPlan } from './workbench.ts';

/** Examples that a network is looked at with. */
const EXAMPLES = 100;

export interface Logged {
  readonly experiment: Experiment;
  readonly bench: BenchPlan;
  /** One a seed, each with the folder that it was kept in. */
  readonly runs: readonly { readonly record: RunRecord; readonly folder: string }[];
}

/** Writes an event file for every arm of every run. The same run gives the same file, but for the times in it. */
export async function writeTensorboard(target: string, { experiment, bench, runs }: Logged): Promise<void> {
  const context = await contextFor(bench);
  for (const { record, folder } of runs) {
    const began = Date.now() / 1000 - record.elapsedSeconds;
    const schedule = scheduleOf(experiment, record.options as never, record.seed);
    schedule.next(new Map(record.arms.map((arm) => [arm.name, arm])));
    for (const arm of record.arms) {
      const spec = schedule.specOf(arm.name);
      const weights = join(folder, 'checkpoints', `${fileNameOf(arm.name)}.safetensors`);
      const views = spec && existsSync(weights) ? viewsOf(new Training(spec, context), context, weights) : [];
      const own = join(target, ...(runs.length > 1 ? [`seed ${record.seed}`] : []), fileNameOf(arm.name));
      makeFolders(own);
      // The name must hold `tfevents`; TensorBoard orders several of a folder by it.
      writeWhole(
        join(own, 'events.out.tfevents.0.descent'),
        writeArmEvents({ record, arm: arm as ArmRecord, views, began }),
        {
          sync: false,
        },
      );
    }
  }
}

/** Before the first step, and as the weights were left. */
function viewsOf(first: Training, context: TrainingContext, weights: string): NetworkView[] {
  const { spec } = first;
  try {
    if (!first.model || !context.data) return [];
    const rows = Math.min(EXAMPLES, first.model.batchSize, context.data.train.length);
    const examples = context.data.train.slice(0, rows);
    const before = inspect(first, examples);
    const last = new Training(spec, context, readCheckpoint(readFileSync(weights), spec, weights, sha256));
    try {
      return [before, inspect(last, examples)];
    } finally {
      last.release();
    }
  } finally {
    first.release();
  }
}

async function contextFor({ variant, source }: BenchPlan): Promise<TrainingContext> {
  const device = await loadDevice({ variant, gunzip: builtin('zlib').gunzipSync });
  if (source === undefined) return { device, sha256 };
  return { device, data: placeImages(device, readImageFiles(findData(source).folder)), sha256 };
}
