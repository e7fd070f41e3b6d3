// The journal of a run: one line of JSON per event, so that a run that was killed at any byte can be resumed. This file
// formats and parses the text; the command line writes files. The text is ASCII: each character is one byte.
import * as v from 'valibot';
import type { Checkpoint } from '../training/training.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
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

/** Length of the checksum at the end of a line. */
const CHECKSUM_LENGTH = ',"crc32":"00000000"}'.length;

/** A checkpoint of `encodeCheckpoint`. */
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

/** The settings of a run, which are needed to resume it. Each field is as in its record. */
export type JournalHeader = Pick<RunRecord, 'experiment' | 'options' | 'seed' | 'data' | 'variant' | 'environment'>;

/** Returns the first line. */
export function startLine(header: JournalHeader): string {
  return toLine({ kind: 'start', format: 'descent-journal/1', ...header });
}

/** Returns the line of a checkpoint. A later checkpoint of the same arm replaces it. */
export function checkpointLine(checkpoint: Checkpoint): string {
  return toLine({ kind: 'checkpoint', ...encodeCheckpoint(checkpoint) });
}

/** Converts a checkpoint to a value for `JSON.stringify`. */
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

/** Returns the line of an arm that finished or diverged. An interrupted arm is written as its checkpoint. */
export function armLine(record: ArmRecord): string {
  return toLine({ kind: 'arm', record: encodeArm(record) });
}

/** Returns the last line, which means that the record has been written. */
export function endLine(): string {
  return toLine({ kind: 'end' });
}

/** The state of a run in its journal. */
export interface ResumePoint {
  /** The header in the first line. */
  readonly header: JournalHeader;
  /** Records of ended arms in the order in which they ended. */
  readonly finished: ArmRecord[];
  /** Checkpoints of arms that have not ended, by name. */
  readonly checkpoints: Map<string, Checkpoint>;
  /** Number of valid bytes. Truncate the file to this length before appending. */
  readonly validBytes: number;
}

/**
 * Parses a journal up to the first invalid line. The lines after it are ignored.
 * @throws RecordError if the first line is invalid
 */
export function parseJournal(journal: string): ResumePoint {
  const end = journal.indexOf('\n') + 1;
  if (end === 0)
    throw new RecordError('[journal] expected a first line but the journal is empty or truncated; start the run again');
  const first = parseLine(journal.slice(0, end));
  if (first === undefined)
    throw new RecordError('[journal] expected an unchanged first line but it has been altered; start the run again');
  const { kind: _, format: __, ...header } = parseAs(HeaderSchema, first, 'journal');
  const finished = new Map<string, ArmRecord>();
  const checkpoints = new Map<string, Checkpoint>();
  let validBytes = end;
  for (const text of journal.slice(end).split('\n').slice(0, -1)) {
    const result = v.safeParse(LineSchema, parseLine(text));
    if (!result.success) break;
    const line = result.output;
    validBytes += text.length + 1;
    if (line.kind === 'checkpoint') checkpoints.set(line.arm, line);
    if (line.kind === 'arm') finished.set(line.record.name, line.record);
  }
  for (const name of finished.keys()) checkpoints.delete(name);
  return { header, finished: [...finished.values()], checkpoints, validBytes };
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(verifyChecksum(line.trimEnd()));
  } catch {
    return undefined;
  }
}

/** Formats a line. Non-ASCII characters are escaped, so that a position in the text is a position in the file. */
function toLine(value: unknown): string {
  const toEscape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return addChecksum(JSON.stringify(value).replace(/[\u0080-\uffff]/g, toEscape));
}

/** Adds the checksum of a JSON object as its last member and ends the line. */
export function addChecksum(object: string): string {
  return `${object.slice(0, -1)},"crc32":"${crc32(object)}"}\n`;
}

/** Returns the JSON object of a line. @throws RecordError if the checksum does not match */
function verifyChecksum(line: string): string {
  if (/[^ -~]/.test(line)) throw new RecordError('[journal] expected ASCII');
  const [checksum, sum] = /,"crc32":"([0-9a-f]{8})"\}$/.exec(line.slice(-CHECKSUM_LENGTH)) ?? [''];
  const object = `${line.slice(0, -CHECKSUM_LENGTH)}}`;
  if (checksum.length !== CHECKSUM_LENGTH || crc32(object) !== sum)
    throw new RecordError('[journal] expected a line with a matching checksum');
  return object;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** Computes the CRC-32 (ISO 3309) of ASCII text as 8 hexadecimal digits. */
function crc32(text: string): string {
  let crc = -1;
  for (let i = 0; i < text.length; i++) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ text.charCodeAt(i)) & 0xff] as number);
  return ((crc ^ -1) >>> 0).toString(16).padStart(8, '0');
}
