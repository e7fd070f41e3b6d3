// Saves the events of the run of one seed as they happen, and assembles its record.
import {
  type ArmRecord,
  assembleRecord,
  type Experiment,
  isComplete,
  notStarted,
  type RunEvent,
  type RunRecord,
  type RunScheduleOptions,
} from '@descent/experiments';
import { emptyState, type Journal } from '../store/journal.ts';
import { savesWeights } from '../store/weights.ts';
import type { PlannedRun } from './plan.ts';
import type { EventLog } from './tensorboard.ts';

/** Number of histograms per parameter of an arm, besides those before the first step. */
const HISTOGRAM_COUNT = 10;

interface RecordedRun extends PlannedRun {
  readonly experiment: Experiment;
  /** The data of a new run; resumed runs and replays name theirs in the settings. */
  readonly data: RunRecord['data'];
}

export class RunRecorder {
  /** Options of `runSchedule`: where the run continues, and what its events contain. */
  readonly scheduleOptions: RunScheduleOptions & Required<Pick<RunScheduleOptions, 'finished' | 'checkpoints'>>;
  readonly #run: RecordedRun;
  readonly #journal: Journal | undefined;
  readonly #log: EventLog | undefined;
  /** The record of an earlier process, complete or interrupted. */
  readonly #earlier: RunRecord | undefined;
  readonly #arms: Map<string, ArmRecord>;
  readonly #start = performance.now();

  /**
   * @param journal without it, nothing is saved
   * @param log without it, no event files are written
   */
  constructor(run: RecordedRun, journal?: Journal, log?: EventLog) {
    const { record: earlier, finished: stored, checkpoints } = journal?.stored ?? emptyState;
    const finished = earlier && isComplete(earlier) ? earlier.arms : stored;
    const keepFinal = journal !== undefined && savesWeights(run.settings.environment.checkpoints, run.schedule);
    const monitor = log && { histogramCount: keepFinal ? HISTOGRAM_COUNT : 0 };
    this.scheduleOptions = { finished, checkpoints, keepFinal, monitor };
    this.#run = run;
    this.#journal = journal;
    this.#log = log;
    this.#earlier = earlier;
    this.#arms = new Map(finished.map((record) => [record.name, record]));
  }

  /**
   * Saves an event in the order weights, event files, journal: event files have all steps of the journal, and a resumed
   * run purges the steps beyond it.
   */
  async take(event: RunEvent): Promise<void> {
    if (event.kind === 'arm' && event.final) {
      const spec = this.#run.schedule.specOf(event.record.name);
      if (spec) this.#journal?.saveWeights(spec, event.final);
    }
    await this.#log?.take(event);
    if (event.kind === 'checkpoint') this.#journal?.saveCheckpoint(event.checkpoint);
    if (event.kind !== 'arm') return;
    if (event.record.status !== 'interrupted') this.#journal?.saveArm(event.record);
    this.#arms.set(event.record.name, event.record);
  }

  /** Saves and returns the record, with the arms in the order of the plan. */
  async finish(): Promise<RunRecord> {
    await this.#log?.finish();
    if (this.#earlier && isComplete(this.#earlier)) return this.#earlier;
    const { experiment, settings, schedule, data } = this.#run;
    const { source: _, checkpoints: __, ...environment } = settings.environment;
    const seconds = (performance.now() - this.#start) / 1000 + (this.#earlier?.elapsedSeconds ?? 0);
    const elapsedSeconds = Math.round(seconds * 1000) / 1000;
    const arms = schedule.planned.map(({ name }) => this.#arms.get(name) ?? notStarted(name));
    const record = assembleRecord(experiment, { data, ...settings, environment, arms, elapsedSeconds });
    this.#journal?.saveRecord(record);
    return record;
  }
}
