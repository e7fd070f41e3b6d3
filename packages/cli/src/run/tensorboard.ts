// `descent run --tensorboard DIR`: event files that grow during the run, one folder per arm. TensorBoard shows a folder as a run.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ArmRecord,
  type ArmSpec,
  loadDevice,
  loadImages,
  MAX_CLASSES,
  type RunEvent,
  type Schedule,
  Training,
  type TrainingContext,
} from '@descent/experiments';
import {
  createHistogramReader,
  eventSettings,
  type NetworkHistograms,
  readCheckpoint,
} from '@descent/experiments/formats';
import { builtin, sha256 } from '../builtin.ts';
import { findData, readImageFiles } from '../data/data.ts';
import { Exit, toExit } from '../exit.ts';
import { makeFolders } from '../store/files.ts';
import type { Journal } from '../store/journal.ts';
import { toFileName } from '../store/weights.ts';
import { log } from '../terminal/terminal.ts';
import type { EnvironmentPlan } from './environment.ts';
import { EventFile, hasEventFile, now } from './event-files.ts';
import type { PlannedRun } from './plan.ts';

/** Opens one log per seed. @throws Exit if the folder cannot be written */
export function openLogs(
  target: string,
  runs: readonly PlannedRun[],
  journals: readonly Journal[],
  plan: EnvironmentPlan,
): EventLog[] {
  makeFolders(target);
  const readHistograms = createFileHistogramReader(plan);
  return runs.map(({ schedule }, index) => {
    const journal = journals[index] as Journal;
    const folder = runs.length > 1 ? join(target, `seed ${journal.header.seed}`) : target;
    return new EventLog(folder, schedule, journal, readHistograms);
  });
}

type FileHistogramReader = (spec: ArmSpec, weights: string) => Promise<NetworkHistograms[]>;

/** The event files of one run. After the first error nothing more is written; the run continues. */
export class EventLog {
  readonly #files = new Map<string, EventFile>();
  readonly #target: string;
  readonly #schedule: Schedule;
  readonly #journal: Journal;
  readonly #readHistograms: FileHistogramReader;
  #hasFailed = false;

  constructor(target: string, schedule: Schedule, journal: Journal, readHistograms: FileHistogramReader) {
    this.#target = target;
    this.#schedule = schedule;
    this.#journal = journal;
    this.#readHistograms = readHistograms;
  }

  /** Writes an event. */
  take(event: RunEvent): Promise<void> {
    return this.#untilFailure(async () => {
      if (event.kind === 'progress') {
        if (event.observation) this.#append(event.arm, event.observation.series, event.observation.histograms);
      } else if (event.kind === 'arm' && event.record.status !== 'interrupted') {
        await this.#end(event.record);
      } else {
        const { name, series } =
          event.kind === 'arm' ? event.record : { ...event.checkpoint, name: event.checkpoint.arm };
        if (Object.keys(series).length > 0) this.#append(name, series);
        this.#files.get(name)?.flush();
      }
    });
  }

  /** Completes the files of arms that ended in earlier processes. */
  finish(): Promise<void> {
    return this.#untilFailure(async () => {
      for (const record of this.#journal.stored.finished) {
        const spec = this.#schedule.specOf(record.name);
        const isLogged =
          spec !== undefined && hasEventFile(this.#folderOf(record.name), eventSettings(this.#journal.header, spec));
        if (!isLogged) await this.#end(record);
      }
      for (const file of this.#files.values()) file.flush();
    });
  }

  async #untilFailure(write: () => Promise<void>): Promise<void> {
    if (this.#hasFailed) return;
    try {
      await write();
    } catch (thrown) {
      const error = toExit(thrown);
      if (!(error instanceof Exit)) throw error;
      this.#hasFailed = true;
      log.line(`${error.message}; the run continues without event files`);
    }
  }

  #append(arm: string, series: ArmRecord['series'], histograms: readonly NetworkHistograms[] = []): void {
    const file = this.#fileOf(arm);
    file?.append(file.events.encode(series, histograms, now()));
  }

  /** Histograms of an arm that another machine or an earlier process trained are computed from its weights. */
  async #end(record: ArmRecord): Promise<void> {
    const { name } = record;
    const spec = this.#schedule.specOf(name);
    const file = this.#fileOf(name);
    if (!spec || !file) return;
    const weights = join(this.#journal.folder, 'checkpoints', `${toFileName(name)}.safetensors`);
    const hasHistograms = file.events.hasHistograms(spec.task.steps) || !existsSync(weights);
    const histograms = hasHistograms ? [] : await this.#readHistograms(spec, weights);
    file.append(file.events.encodeEnd(record, histograms, now()));
    file.flush();
    this.#files.delete(name);
  }

  #folderOf(arm: string): string {
    return join(this.#target, toFileName(arm));
  }

  /** Opens the file of an arm with its first event: the parameters of a trial are not known earlier. */
  #fileOf(arm: string): EventFile | undefined {
    const known = this.#files.get(arm);
    if (known) return known;
    const spec = this.#schedule.specOf(arm);
    if (!spec) return undefined;
    const { header, stored } = this.#journal;
    const checkpoint = stored.checkpoints.get(arm);
    const file = new EventFile(this.#folderOf(arm), eventSettings(header, spec), checkpoint?.step);
    // An earlier process trained these steps without event files.
    if (checkpoint && !file.isContinued) file.append(file.events.encode(checkpoint.series, [], now()));
    this.#files.set(arm, file);
    return file;
  }
}

/** Creates a function that computes histograms before the first step and with saved weights. Data are loaded at its first call. */
function createFileHistogramReader(plan: EnvironmentPlan): FileHistogramReader {
  let context: Promise<TrainingContext> | undefined;
  return async (spec, weights) => {
    context ??= contextFor(plan);
    const { device, ...rest } = await context;
    const probe = createHistogramReader(rest);
    const checkpoint = readCheckpoint(readFileSync(weights), spec, weights, sha256);
    return [undefined, checkpoint].flatMap((from) => {
      const training = new Training(spec, { device, ...rest }, from);
      const histograms = probe(training);
      training.release();
      return histograms ? [histograms] : [];
    });
  };
}

async function contextFor({ variant, source }: EnvironmentPlan): Promise<TrainingContext> {
  const device = await loadDevice({ variant, gunzip: builtin('zlib').gunzipSync });
  if (source === undefined) return { device, sha256 };
  return { device, data: loadImages(device, readImageFiles(findData(source)), { classes: MAX_CLASSES }), sha256 };
}
