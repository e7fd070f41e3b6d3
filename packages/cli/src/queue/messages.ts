// Messages between coordinator and workers: JSON that is validated, because anyone with access to Redis can write it.
import type { ArmRecord, ArmSpec, Checkpoint, FinalState } from '@descent/experiments';
import {
  ArmRecordSchema,
  ArmSpecSchema,
  CheckpointSchema,
  encodeArm,
  encodeCheckpoint,
  PlainText,
} from '@descent/experiments/schemas';
import * as v from 'valibot';

const whole = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
const Digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits'));
const Step = whole(0, 1e12);

/** Maximum length of a message; 20 times a checkpoint of the largest network of the book. */
const MAX_CHARACTERS = 2 ** 26;

/** Data of a job. */
const JobSchema = v.pipe(
  v.strictObject({
    format: v.literal('descent-job/1'),
    experiment: PlainText,
    fit: Digest,
    arm: ArmSpecSchema,
    /** Step at which the arm pauses. */
    until: v.exactOptional(Step),
    /** Milliseconds between checkpoints. */
    checkpointEvery: whole(0, 86_400_000),
    /** Whether the result contains the final state. */
    keepFinal: v.exactOptional(v.boolean()),
    /** State from which the arm continues. */
    checkpoint: v.exactOptional(CheckpointSchema),
  }),
  v.check(({ arm, checkpoint }) => !checkpoint || checkpoint.arm === arm.name, 'a checkpoint of the arm'),
);

/** Result of a job. */
const ResultSchema = v.strictObject({
  format: v.literal('descent-result/1'),
  record: ArmRecordSchema,
  /** State of a paused arm. */
  checkpoint: v.exactOptional(CheckpointSchema),
  /** State of a finished arm, without the series of its record. */
  final: v.exactOptional(
    v.strictObject({
      checkpoint: CheckpointSchema,
      inputShape: v.pipe(v.array(whole(1, 2 ** 31)), v.maxLength(8)),
      optimizerTensors: v.pipe(v.array(PlainText), v.maxLength(16)),
    }),
  ),
});

/** A process at the queue. */
const PeerSchema = v.strictObject({
  role: v.picklist(['run', 'worker']),
  host: PlainText,
  pid: whole(0, 2 ** 32),
  /** Threads of a worker; 0 of a run. */
  jobs: whole(0, 256),
  fit: v.strictObject({
    descent: PlainText,
    code: Digest,
    variant: v.picklist(['simd128', 'scalar', 'reference']),
    data: v.strictObject({ name: PlainText, sha256: Digest }),
  }),
});

/** Progress of a job: `[step, steps, loss]`. */
const ProgressSchema = v.strictTuple([Step, Step, v.nullable(v.number())]);

export type JobMessage = v.InferOutput<typeof JobSchema>;
export type ResultMessage = v.InferOutput<typeof ResultSchema>;
export type Peer = v.InferOutput<typeof PeerSchema>;
export type ProgressMessage = v.InferOutput<typeof ProgressSchema>;

/** An invalid message; the error names the field. */
export class MessageError extends Error {
  override readonly name = 'MessageError';
}

/** @throws MessageError */
export const parseJob = (json: unknown): JobMessage => validate(JobSchema, json, 'job');
/** @throws MessageError */
export const parseResult = (text: string): ResultMessage => validate(ResultSchema, parse(text, 'result'), 'result');
/** @throws MessageError */
export const parsePeer = (text: string): Peer => validate(PeerSchema, parse(text, 'peer'), 'peer');
/** @throws MessageError */
export const parseProgress = (json: unknown): ProgressMessage => validate(ProgressSchema, json, 'progress');

type JobContent = Omit<JobMessage, 'format' | 'arm' | 'checkpoint'> & {
  readonly arm: ArmSpec;
  readonly checkpoint?: Checkpoint | undefined;
};

/** Converts the data of a job to a JSON object. */
export const encodeJob = ({ checkpoint, ...rest }: JobContent) => ({
  ...rest,
  format: 'descent-job/1',
  ...(checkpoint && { checkpoint: encodeCheckpoint(checkpoint) }),
});

interface ResultContent {
  readonly record: ArmRecord;
  readonly checkpoint?: Checkpoint | undefined;
  readonly final?: FinalState | undefined;
}

/** Converts a result to a JSON object. */
export const encodeResult = ({ record, checkpoint, final }: ResultContent) => ({
  format: 'descent-result/1',
  record: encodeArm(record),
  ...(checkpoint && { checkpoint: encodeCheckpoint(checkpoint) }),
  ...(final && { final: { ...final, checkpoint: encodeCheckpoint({ ...final.checkpoint, series: {} }) } }),
});

/** Returns the final state of a result, with the series of its record. */
export function getFinalState({ final, record }: ResultMessage): FinalState | undefined {
  return final && { ...final, checkpoint: { ...final.checkpoint, series: record.series } };
}

/** Parses JSON. @throws MessageError */
export function parse(text: string, what: string): unknown {
  if (text.length > MAX_CHARACTERS)
    throw new MessageError(`[${what}] expected at most ${MAX_CHARACTERS} characters but got ${text.length}`);
  try {
    return JSON.parse(text);
  } catch {
    throw new MessageError(`[${what}] expected JSON but got something else`);
  }
}

function validate<S extends v.GenericSchema>(schema: S, json: unknown, what: string): v.InferOutput<S> {
  const result = v.safeParse(schema, json, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue) ?? 'the whole';
  const expected = issue.expected ?? issue.message;
  throw new MessageError(printable(`[${what}] expected ${path} to be ${expected} but got ${issue.received}`));
}

/** Converts foreign text to one short line without control characters. */
export function printable(text: string): string {
  const plain = text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ');
  return plain.length > 300 ? `${plain.slice(0, 299)}…` : plain;
}
