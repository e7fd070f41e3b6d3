// The record of a run, `descent-run/1`: what figures are drawn from, what `verify` replays, what a page opens.
import * as v from 'valibot';
import { seedOption } from '../seed.ts';
import { decodeFloat, encodeFloat, spelledFloats } from './float32.ts';

const Digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits'));
const Step = v.pipe(v.number(), v.integer(), v.minValue(0));
const Float = v.pipe(v.union([v.number(), v.picklist(spelledFloats)]), v.transform(decodeFloat));

/** One line of text to show: without what a terminal would obey. */
const Line = v.pipe(
  v.string(),
  v.maxLength(2_000, 'at most 2,000 characters'),
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it is about
  v.regex(/^[^\u0000-\u001f\u007f-\u009f]*$/, 'text without control characters'),
);
/** What an arm, a series or a measure is called. */
export const NameSchema = v.pipe(Line, v.maxLength(200, 'a name of at most 200 characters'));
const TextSchema = v.object({ en: Line, ko: Line, ja: Line });

/** One measured quantity: its value after so many steps. */
export const SeriesSchema = v.pipe(
  v.object({ step: v.array(Step), value: v.array(Float) }),
  v.check(({ step, value }) => step.length === value.length, 'as many steps as values'),
);

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** How many values fell into each of equal bins from low to high (the last one with its upper edge); those beyond are in none. */
export const HistogramSchema = v.object({ low: Float, high: Float, counts: v.array(Count) });

export const ArmRecordSchema = v.object({
  name: NameSchema,
  status: v.picklist(['finished', 'diverged', 'interrupted']),
  series: v.record(NameSchema, SeriesSchema),
  /** Distributions by name, where the experiment is about any. */
  histograms: v.optional(v.record(NameSchema, HistogramSchema)),
  /** What a reader wants to know first, e.g. trainLoss (the last of the series) and testAccuracy. */
  final: v.record(NameSchema, Float),
  /**
   * The step at which the loss or a parameter ceased to be finite, and which tensor of which layer did so first.
   * Only with status `diverged`.
   */
  divergence: v.optional(v.object({ step: Step, layer: v.optional(NameSchema), tensor: v.optional(NameSchema) })),
  /** Of a trial that a search stopped early because others did better: the steps it was given. Only with status `finished`. */
  pruned: v.optional(v.object({ step: Step })),
  /** SHA-256 of final weights, optimizer state, running statistics and every series value and count, see `digestArm`. */
  digest: Digest,
});

const VerdictSchema = v.object({
  id: NameSchema,
  /** The claim, or where it does not hold the honest sentence instead. */
  text: TextSchema,
  holds: v.boolean(),
  evidence: v.record(NameSchema, Float),
});

const OptionValueSchema = v.union([
  v.number(),
  v.string(),
  v.boolean(),
  v.pipe(v.array(v.number()), v.readonly()),
  v.pipe(v.array(v.string()), v.readonly()),
]);

export const RunRecordSchema = v.object({
  format: v.literal('descent-run/1'),
  experiment: v.string(),
  options: v.record(v.string(), OptionValueSchema),
  seed: v.pipe(v.number(), v.integer(), v.minValue(seedOption.min), v.maxValue(seedOption.max)),
  data: v.object({ name: NameSchema, sha256: Digest }),
  variant: v.picklist(['simd128', 'scalar', 'reference', 'relaxed-simd']),
  arms: v.array(ArmRecordSchema),
  claims: v.array(VerdictSchema),
  /** SHA-256 over the arms' digests, see `digestRun`. */
  digest: Digest,
  /** What it ran on; outside every digest, as is the time it took. */
  environment: v.record(v.string(), v.string()),
  elapsedSeconds: v.number(),
});

export type Series = v.InferOutput<typeof SeriesSchema>;
export type Histogram = v.InferOutput<typeof HistogramSchema>;
export type ArmRecord = v.InferOutput<typeof ArmRecordSchema>;
export type Verdict = v.InferOutput<typeof VerdictSchema>;
export type RunRecord = v.InferOutput<typeof RunRecordSchema>;

/** The name and SHA-256 that stand for "no data" in a record: those of no bytes. */
export const noData: RunRecord['data'] = {
  name: 'none',
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
};

/** A text that is not a record; the message says what was expected and where. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
}

/**
 * Reads what `stringifyRecord` wrote; every float is a float32 again.
 * @throws RecordError
 */
export function parseRecord(text: string): RunRecord {
  return parseAs(RunRecordSchema, parseJson(text), 'record');
}

/** JSON with one line a series. Numbers of results are float32; NaN, ±Infinity and −0 are spelled as strings. */
export function stringifyRecord(record: RunRecord): string {
  const { arms, claims } = record;
  return `${print({ ...record, arms: arms.map(encodeArm), claims: claims.map(encodeVerdict) }, '')}\n`;
}

/** An arm as JSON, ready for JSON.stringify. */
export function encodeArm(arm: ArmRecord): unknown {
  const { series, histograms, final } = arm;
  return {
    ...arm,
    series: encodeSeries(series),
    ...(histograms && { histograms: encodeHistograms(histograms) }),
    final: encodeFloats(final),
  };
}

/** Histograms as JSON, ready for JSON.stringify. */
export function encodeHistograms(histograms: Readonly<Record<string, Histogram>>): unknown {
  const encoded = Object.entries(histograms).map(([name, { low, high, counts }]) => [
    name,
    { low: encodeFloat(low), high: encodeFloat(high), counts },
  ]);
  return Object.fromEntries(encoded);
}

/** Series as JSON, ready for JSON.stringify. */
export function encodeSeries(series: ArmRecord['series']): unknown {
  const encoded = Object.entries(series).map(([name, { step, value }]) => [
    name,
    { step, value: value.map(encodeFloat) },
  ]);
  return Object.fromEntries(encoded);
}

function encodeVerdict(verdict: Verdict): unknown {
  return { ...verdict, evidence: encodeFloats(verdict.evidence) };
}

function encodeFloats(values: Record<string, number>): unknown {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, encodeFloat(value)]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RecordError(`[record] expected JSON but the text is none: ${(error as Error).message}`);
  }
}

/**
 * Checks JSON against a schema of this file.
 * @param what the word that begins the message
 * @throws RecordError
 */
export function parseAs<S extends v.GenericSchema>(schema: S, json: unknown, what: string): v.InferOutput<S> {
  const result = v.safeParse(schema, json, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const where = v.getDotPath(issue) ?? 'the whole';
  const isMissing = issue.received === 'undefined';
  const found = isMissing ? 'it is missing' : `got ${shortened(issue.received)}`;
  const expected = isMissing
    ? ''
    : ` to be ${issue.type === 'regex' || !issue.expected ? issue.message : issue.expected}`;
  throw new RecordError(`[${what}] expected ${shortened(where)}${expected} but ${found}`);
}

const shortened = (text: string) => (text.length > 100 ? `${text.slice(0, 100)}…` : text);

/** JSON with two spaces of indent, but arrays of plain values on one line. */
function print(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isArray = Array.isArray(value);
  if (isArray && value.every((item) => typeof item !== 'object')) return JSON.stringify(value);
  const deeper = `${indent}  `;
  const lines = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => deeper + (isArray ? '' : `${JSON.stringify(key)}: `) + print(item, deeper));
  const [open, close] = isArray ? '[]' : '{}';
  return lines.length === 0 ? `${open}${close}` : `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}
