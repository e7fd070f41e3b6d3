// `descent run --tensorboard DIR`: a run as event files that grow while it goes, one folder an arm, as TensorBoard tells runs apart.
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
import { createHistogramProbe, type NetworkHistograms, readCheckpoint, settingsOf } from '@descent/experiments/formats';
import { builtin, sha256 } from '../builtin.ts';
import { findData, readImageFiles } from '../data/data.ts';
import { Exit } from '../errors.ts';
import { makeFolders, systemExit } from '../store/files.ts';
import type { Journal } from '../store/journal.ts';
import { fileNameOf } from '../store/weights.ts';
import { log } from '../terminal/terminal.ts';
import type { EnvironmentPlan } from './environment.ts';
import { type EventFile, now, openEventFile } from './event-files.ts';
import type { RunLog } from './run-log.ts';

/** One a seed. @throws Exit where the folder cannot be written */
export function openLogs(target: string, journals: readonly Journal[], plan: EnvironmentPlan): RunLog[] {
  makeFolders(target);
  const past = pastLooks(plan);
  const parts = (seed: number) => (journals.length > 1 ? [`seed ${seed}`] : []);
  return journals.map((journal) => {
    const events = new EventLog(join(target, ...parts(journal.header.seed)), journal, past);
    let isLost = false;
    const unlessLost = async (write: () => Promise<void>) => {
      if (isLost) return;
      try {
        await write();
      } catch (thrown) {
        const error = systemExit(thrown);
        if (!(error instanceof Exit)) throw error;
        isLost = true;
        log.line(`${error.message}; the run goes on without event files`);
      }
    };
    return {
      take: (event, schedule) => unlessLost(() => events.take(event, schedule)),
      finish: (schedule) => unlessLost(() => events.finish(schedule)),
    };
  });
}

type PastLooks = (spec: ArmSpec, weights: string) => Promise<NetworkHistograms[]>;

class EventLog implements RunLog {
  private readonly files = new Map<string, EventFile>();

  constructor(
    private readonly target: string,
    private readonly journal: Journal,
    private readonly past: PastLooks,
  ) {}

  async take(event: RunEvent, schedule: Schedule): Promise<void> {
    if (event.kind === 'progress') {
      if (!event.observation) return;
      const { series, histograms: looks } = event.observation;
      const file = this.fileOf(event.arm, schedule);
      file?.append(file.events.tell(series, looks, now()));
    } else if (event.kind === 'checkpoint') {
      const { arm, series } = event.checkpoint;
      this.write(arm, schedule, ({ events }) => events.tell(series, [], now()));
    } else if (event.record.status === 'interrupted') {
      const { name, series } = event.record;
      if (Object.keys(series).length > 0) this.write(name, schedule, ({ events }) => events.tell(series, [], now()));
    } else await this.end(event.record, schedule);
  }

  async finish(schedule: Schedule): Promise<void> {
    for (const record of this.journal.before.finished) await this.end(record, schedule);
    for (const file of this.files.values()) file.flush();
  }

  /** An arm that nobody watched while it trained, on another machine or in another process, is looked at by its weights. */
  private async end(record: ArmRecord, schedule: Schedule): Promise<void> {
    const { name } = record;
    const spec = schedule.specOf(name);
    const file = this.fileOf(name, schedule);
    if (!spec || !file) return;
    const weights = join(this.journal.folder, 'checkpoints', `${fileNameOf(name)}.safetensors`);
    const isUnseen = !file.events.hasLooked(spec.task.steps) && existsSync(weights);
    const looks = isUnseen ? await this.past(spec, weights) : [];
    file.append(file.events.end(record, looks, now()));
    file.flush();
    this.files.delete(name);
  }

  /** At once: the process may end here. */
  private write(arm: string, schedule: Schedule, bytesFor: (file: EventFile) => Uint8Array): void {
    const file = this.fileOf(arm, schedule);
    file?.append(bytesFor(file));
    file?.flush();
  }

  /** Opened when there is something to write: by then it is known what a trial tries. */
  private fileOf(arm: string, schedule: Schedule): EventFile | undefined {
    const known = this.files.get(arm);
    if (known) return known;
    const spec = schedule.specOf(arm);
    if (!spec) return undefined;
    const { header, before } = this.journal;
    const hasEnded = before.finished.some(({ name }) => name === arm);
    const step = hasEnded ? Number.POSITIVE_INFINITY : before.checkpoints.get(arm)?.step;
    const file = openEventFile(join(this.target, fileNameOf(arm)), settingsOf(header, spec), step);
    const checkpoint = before.checkpoints.get(arm);
    // What the process before had measured and did not come to write.
    if (!hasEnded && checkpoint) file.append(file.events.tell(checkpoint.series, [], now()));
    this.files.set(arm, file);
    return file;
  }
}

/** Before the first step, and as the weights were left. The data are loaded for the first that asks. */
function pastLooks(plan: EnvironmentPlan): PastLooks {
  let context: Promise<TrainingContext> | undefined;
  return async (spec, weights) => {
    context ??= contextFor(plan);
    const { device, ...rest } = await context;
    const look = createHistogramProbe(rest);
    const lookAt = (training: Training) => {
      const found = look(training);
      training.release();
      return found ? [found] : [];
    };
    const checkpoint = readCheckpoint(readFileSync(weights), spec, weights, sha256);
    return [undefined, checkpoint].flatMap((from) => lookAt(new Training(spec, { device, ...rest }, from)));
  };
}

async function contextFor({ variant, source }: EnvironmentPlan): Promise<TrainingContext> {
  const device = await loadDevice({ variant, gunzip: builtin('zlib').gunzipSync });
  if (source === undefined) return { device, sha256 };
  return { device, data: loadImages(device, readImageFiles(findData(source)), { classes: MAX_CLASSES }), sha256 };
}
