// What a run notes down as it goes, and what is known of it before: in a folder on disk, or nowhere.
import type {
  ArmRecord,
  ArmSpec,
  Checkpoint,
  FinalState,
  JournalHeader,
  ResumePoint,
  RunRecord,
} from '@descent/experiments';

/** Where the events of one run are noted down, and what is known of it before it begins. */
export interface RunWriter {
  readonly header: JournalHeader;
  readonly before: StoredState;
  keepArm(record: ArmRecord): void;
  keepCheckpoint(checkpoint: Checkpoint): void;
  /** Takes the last state of an arm, before its record; missing where nobody keeps them. */
  keepFinal?(spec: ArmSpec, final: FinalState): void;
  finish(record: RunRecord): void;
}

/** What earlier processes did: ended arms, last checkpoints, and the record of a run that ended or was interrupted. */
export interface StoredState extends Pick<ResumePoint, 'finished' | 'checkpoints'> {
  readonly record?: RunRecord | undefined;
}

export const emptyState: StoredState = { finished: [], checkpoints: new Map() };

/** Notes of a run that nobody will go on with. */
export function nullWriter(header: JournalHeader): RunWriter {
  return { header, before: emptyState, keepArm() {}, keepCheckpoint() {}, finish() {} };
}

export const isWhole = (record: RunRecord) => record.arms.every(({ status }) => status !== 'interrupted');
