// The journal of a run: one line of JSON an event, appended as it happens, so that a run killed at any byte can go on.
// Here the text only; files are the command line's. All of it is ASCII: a character is a byte.
import * as v from 'valibot';
import type { Checkpoint } from '../training/training.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { crc32 } from './crc32.ts';
import {
  ArmRecordSchema,
  encodeArm,
  encodeHistograms,
  encodeSeries,
  HistogramSchema,
  NameSchema,
  parseAs,
  RunRecordSchema,
  SeriesSchema,
} from './json.ts';
import { type ArmRecord, RecordError, type RunRecord } from './record.ts';

const { experiment, options, seed, data, variant, environment } = RunRecordSchema.entries;
const HeaderSchema = v.object({
  kind: v.literal('start'),
  format: v.literal('descent-journal/1'),
  experiment,
  options,
  seed,
  data,
  variant,
  environment,
});

const Base64 = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    try {
      return decodeBase64(dataset.value);
    } catch {
      addIssue({ message: 'base64' });
      return NEVER;
    }
  }),
);

/** Characters of a checksum as a line ends with it. */
const CHECKSUM_LENGTH = ',"crc32":"00000000"}'.length;

/** A checkpoint as `encodeCheckpoint` wrote it. */
export const CheckpointSchema = v.object({
  arm: NameSchema,
  step: v.number(),
  state: Base64,
  scalars: v.record(v.string(), v.number()),
  series: v.record(NameSchema, SeriesSchema),
  histograms: v.optional(v.record(NameSchema, HistogramSchema)),
});

const LineSchema = v.variant('kind', [
  v.object({ kind: v.literal('checkpoint'), ...CheckpointSchema.entries }),
  v.object({
    kind: v.literal('arm'),
    record: v.pipe(
      ArmRecordSchema,
      v.check(({ status }) => status !== 'interrupted', 'an arm that has ended'),
    ),
  }),
  v.object({ kind: v.literal('end') }),
]);

/** What a run was asked for: enough to go on with it. Each field as in its record. */
export type JournalHeader = Pick<RunRecord, 'experiment' | 'options' | 'seed' | 'data' | 'variant' | 'environment'>;

/** The first line. */
export function startLine(header: JournalHeader): string {
  return toLine({ kind: 'start', format: 'descent-journal/1', ...header });
}

/** An arm on its way. A later checkpoint of the same arm replaces it. */
export function checkpointLine(checkpoint: Checkpoint): string {
  return toLine({ kind: 'checkpoint', ...encodeCheckpoint(checkpoint) });
}

/** A checkpoint as JSON, ready for JSON.stringify. */
export function encodeCheckpoint({ arm, step, state, scalars, series, histograms }: Checkpoint): object {
  return {
    arm,
    step,
    state: encodeBase64(state),
    scalars,
    series: encodeSeries(series),
    ...(histograms && { histograms: encodeHistograms(histograms) }),
  };
}

/** An arm that finished or diverged. One that was interrupted is written as its checkpoint. */
export function armLine(record: ArmRecord): string {
  return toLine({ kind: 'arm', record: encodeArm(record) });
}

/** The last line: the record has been written. */
export function endLine(): string {
  return toLine({ kind: 'end' });
}

/** Where a run stands. */
export interface ResumePoint {
  /** From the first line. */
  readonly header: JournalHeader;
  /** In the order in which they ended. */
  readonly finished: ArmRecord[];
  /** By name of the arm; of those that have not finished. */
  readonly checkpoints: Map<string, Checkpoint>;
  /** Whether the record has been written. */
  readonly ended: boolean;
  /** Bytes of the journal that are whole. Cut the file there before appending. */
  readonly validBytes: number;
}

/**
 * Reads a journal up to the first line that is not whole: what follows a cut is lost, never trusted.
 * @throws RecordError where not even the first line is whole
 */
export function parseJournal(journal: string): ResumePoint {
  const end = journal.indexOf('\n') + 1;
  if (end === 0)
    throw new RecordError('[journal] expected a first line but the journal is empty or cut; start the run anew');
  const first = parseLine(journal.slice(0, end));
  if (first === undefined)
    throw new RecordError(
      '[journal] expected a first line as it was written but it has been altered; start the run anew',
    );
  const { kind: _, format: __, ...header } = parseAs(HeaderSchema, first, 'journal');
  const finished = new Map<string, ArmRecord>();
  const checkpoints = new Map<string, Checkpoint>();
  let ended = false;
  let validBytes = end;
  for (const text of journal.slice(end).split('\n').slice(0, -1)) {
    const result = v.safeParse(LineSchema, parseLine(text));
    if (!result.success) break;
    const line = result.output;
    validBytes += text.length + 1;
    if (line.kind === 'checkpoint') checkpoints.set(line.arm, line);
    if (line.kind === 'arm') finished.set(line.record.name, line.record);
    if (line.kind === 'end') ended = true;
  }
  for (const name of finished.keys()) checkpoints.delete(name);
  return { header, finished: [...finished.values()], checkpoints, ended, validBytes };
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(verifyChecksum(line.trimEnd()));
  } catch {
    return undefined;
  }
}

/** Characters beyond ASCII escaped, so that a position in the text is a position in the file. */
function toLine(value: unknown): string {
  const toEscape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return addChecksum(JSON.stringify(value).replace(/[\u0080-\uffff]/g, toEscape));
}

/** An object's text with its checksum as the last member: what a disk has altered must not come back as a result. */
export function addChecksum(object: string): string {
  return `${object.slice(0, -1)},"crc32":"${crc32(object)}"}\n`;
}

/** @throws RecordError where the text is not what was written */
function verifyChecksum(line: string): string {
  if (/[^ -~]/.test(line)) throw new RecordError('[journal] expected ASCII');
  const [seal, sum] = /,"crc32":"([0-9a-f]{8})"\}$/.exec(line.slice(-CHECKSUM_LENGTH)) ?? [''];
  const object = `${line.slice(0, -CHECKSUM_LENGTH)}}`;
  if (seal.length !== CHECKSUM_LENGTH || crc32(object) !== sum)
    throw new RecordError('[journal] expected a line as it was written');
  return object;
}
