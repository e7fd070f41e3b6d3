// Everything that coordinator and workers say to each other: JSON that is checked before it is used, for whoever may write
// to Redis may have written it.
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
const RunId = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, '16 hexadecimal digits'));
const Tag = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}(\.\d{1,9})?$/, 'a tag'));
const Step = whole(0, 1e12);

/** Characters of a message; 20 times a checkpoint of the largest network of the book. */
const MOST_CHARACTERS = 2 ** 26;

const FitSchema = v.strictObject({
  descent: PlainText,
  code: Digest,
  variant: v.picklist(['simd128', 'scalar', 'reference']),
  data: v.strictObject({ name: PlainText, sha256: Digest }),
});

const place = { host: PlainText, pid: whole(0, 2 ** 32) };

/** An arm to run. */
const JobSchema = v.pipe(
  v.strictObject({
    format: v.literal('descent-job/1'),
    run: RunId,
    tag: Tag,
    experiment: PlainText,
    fit: Digest,
    arm: ArmSpecSchema,
    /** Steps after which it pauses. */
    until: v.exactOptional(Step),
    /** Milliseconds between checkpoints. */
    checkpointEvery: whole(0, 86_400_000),
    /** Whether its last state is wanted. */
    keepFinal: v.exactOptional(v.boolean()),
    /** Where it goes on. */
    checkpoint: v.exactOptional(CheckpointSchema),
  }),
  v.check(({ arm, checkpoint }) => !checkpoint || checkpoint.arm === arm.name, 'a checkpoint of the arm'),
);

/** What became of a job. */
const answer = { format: v.literal('descent-result/1'), run: RunId, tag: Tag, worker: PlainText };
const ResultSchema = v.variant('kind', [
  v.strictObject({
    ...answer,
    kind: v.literal('arm'),
    seed: whole(0, 2 ** 32 - 1),
    record: ArmRecordSchema,
    /** Of an arm that has not ended. */
    checkpoint: v.exactOptional(CheckpointSchema),
    /** Of one that has: its last state, whose series are those of the record and not sent twice. */
    final: v.exactOptional(
      v.strictObject({
        checkpoint: CheckpointSchema,
        inputShape: v.pipe(v.array(whole(1, 2 ** 31)), v.maxLength(8)),
        optimizerTensors: v.pipe(v.array(PlainText), v.maxLength(16)),
      }),
    ),
  }),
  /** Set aside: no worker will try again. */
  v.strictObject({ ...answer, kind: v.literal('failed'), arm: PlainText, reason: v.string(), tries: whole(0, 1e6) }),
]);

const WorkerSchema = v.strictObject({
  format: v.literal('descent-worker/1'),
  ...place,
  jobs: whole(1, 256),
  fit: FitSchema,
});

const RunSchema = v.strictObject({
  format: v.literal('descent-wanted/1'),
  ...place,
  experiment: PlainText,
  fit: FitSchema,
  /** `stopping`: arms are to be given back as they are. */
  state: v.picklist(['running', 'stopping']),
});

/** `[step, steps, loss]`. */
const ProgressSchema = v.strictTuple([Step, Step, v.nullable(v.number())]);

export type JobMessage = v.InferOutput<typeof JobSchema>;
export type ResultMessage = v.InferOutput<typeof ResultSchema>;
export type WorkerMessage = v.InferOutput<typeof WorkerSchema>;
export type RunMessage = v.InferOutput<typeof RunSchema>;
export type ProgressMessage = v.InferOutput<typeof ProgressSchema>;

/** A message that is not what it should be; ours says where. */
export class MessageError extends Error {
  override readonly name = 'MessageError';
}

/** @throws MessageError */
export const parseJob = (json: unknown): JobMessage => check(JobSchema, json, 'job');
/** @throws MessageError */
export const parseResult = (text: string): ResultMessage => check(ResultSchema, parse(text, 'result'), 'result');
/** @throws MessageError */
export const parseWorker = (text: string): WorkerMessage => check(WorkerSchema, parse(text, 'worker'), 'worker');
/** @throws MessageError */
export const parseRun = (text: string): RunMessage => check(RunSchema, parse(text, 'run'), 'run');
/** @throws MessageError */
export const parseProgress = (text: string): ProgressMessage =>
  check(ProgressSchema, parse(text, 'progress'), 'progress');

/** The data of a job, ready for JSON. */
export function encodeJob(job: Omit<JobMessage, 'format' | 'arm' | 'checkpoint'> & Work): object {
  const { checkpoint, ...rest } = job;
  return { format: 'descent-job/1', ...rest, ...(checkpoint && { checkpoint: encodeCheckpoint(checkpoint) }) };
}

interface Work {
  readonly arm: ArmSpec;
  readonly checkpoint?: Checkpoint | undefined;
}

export interface ArmAnswer {
  readonly run: string;
  readonly tag: string;
  readonly worker: string;
  readonly seed: number;
  readonly record: ArmRecord;
  readonly checkpoint?: Checkpoint | undefined;
  readonly final?: FinalState | undefined;
}

export function encodeAnswer({ record, checkpoint, final, ...rest }: ArmAnswer): string {
  return JSON.stringify({
    format: 'descent-result/1',
    kind: 'arm',
    ...rest,
    record: encodeArm(record),
    ...(checkpoint && { checkpoint: encodeCheckpoint(checkpoint) }),
    ...(final && { final: { ...final, checkpoint: encodeCheckpoint({ ...final.checkpoint, series: {} }) } }),
  });
}

/** The last state with the series that it was sent without. */
export function finalIn({ final, record }: Extract<ResultMessage, { kind: 'arm' }>): FinalState | undefined {
  return final && { ...final, checkpoint: { ...final.checkpoint, series: record.series } };
}

export type Failure = Omit<Extract<ResultMessage, { kind: 'failed' }>, 'format' | 'kind'>;

export function encodeFailure(failure: Failure): string {
  return JSON.stringify({ format: 'descent-result/1', kind: 'failed', ...failure });
}

export const encodeWorker = (message: Omit<WorkerMessage, 'format'>) =>
  JSON.stringify({ format: 'descent-worker/1', ...message });
export const encodeRun = (message: Omit<RunMessage, 'format'>) =>
  JSON.stringify({ format: 'descent-wanted/1', ...message });

function parse(text: string, what: string): unknown {
  if (text.length > MOST_CHARACTERS)
    throw new MessageError(`[${what}] expected at most ${MOST_CHARACTERS} characters but got ${text.length}`);
  try {
    return JSON.parse(text);
  } catch {
    throw new MessageError(`[${what}] expected JSON but got something else`);
  }
}

function check<S extends v.GenericSchema>(schema: S, json: unknown, what: string): v.InferOutput<S> {
  const result = v.safeParse(schema, json, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const where = v.getDotPath(issue) ?? 'the whole';
  const expected = issue.expected ?? issue.message;
  throw new MessageError(printable(`[${what}] expected ${where} to be ${expected} but got ${issue.received}`));
}

/** What others wrote, fit for a terminal: short, on one line, without control characters. */
export function printable(text: string): string {
  const plain = text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ');
  return plain.length > 300 ? `${plain.slice(0, 299)}…` : plain;
}
