// Where runs are saved: on disk (RunFolder) or, for a replay, nowhere.
import type {
  ArmRecord,
  ArmSpec,
  Checkpoint,
  FinalState,
  JournalHeader,
  ResumePoint,
  RunRecord,
} from '@descent/experiments';

/** The runs of one command, one writer per seed. */
export interface RunStore {
  readonly writers: readonly RunWriter[];
  /** The folder of the runs, if any. */
  readonly path?: string;
  /** Whether nothing but the start of the runs has been saved. */
  readonly isEmpty: boolean;
  /** Releases the store. A failed run that has saved nothing leaves no files. */
  close(hasFailed: boolean): void;
}

/** Saves the events of one run as they happen. */
export interface RunWriter {
  readonly header: JournalHeader;
  readonly stored: StoredState;
  saveArm(record: ArmRecord): void;
  saveCheckpoint(checkpoint: Checkpoint): void;
  /** Saves the final weights of an arm, before its record; missing if no weights are saved. */
  saveWeights?(spec: ArmSpec, final: FinalState): void;
  saveRecord(record: RunRecord): void;
}

/** What earlier processes saved of a run. */
export interface StoredState extends Pick<ResumePoint, 'finished' | 'checkpoints'> {
  /** The record of a run that ended or was interrupted. */
  readonly record?: RunRecord | undefined;
}

export const emptyState: StoredState = { finished: [], checkpoints: new Map() };

/** Creates a store that saves nothing. */
export function nullStore(headers: readonly JournalHeader[]): RunStore {
  const writers = headers.map((header) => ({
    header,
    stored: emptyState,
    saveArm() {},
    saveCheckpoint() {},
    saveRecord() {},
  }));
  return { writers, isEmpty: true, close() {} };
}
