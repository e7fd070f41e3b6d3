// Records as JSON, and the schema that validates them.
import * as v from 'valibot';
import { seedOption } from '../options/seed.ts';
import { decodeFloat, encodeFloat, spelledFloats } from './float32.ts';
import { mapValues } from './map-values.ts';
import { type ArmRecord, type Histogram, RecordError, type RunRecord } from './record.ts';

const Digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits'));
const Whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const Float = v.pipe(v.union([v.number(), v.picklist(spelledFloats)]), v.transform(decodeFloat));

/** One line of text without control characters, which a terminal would execute. */
const Line = v.pipe(
  v.string(),
  v.maxLength(2_000, 'at most 2,000 characters'),
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the expression excludes them
  v.regex(/^[^\u0000-\u001f\u007f-\u009f]*$/, 'text without control characters'),
);
/** Name of an arm, a series or a measure. */
export const NameSchema = v.pipe(Line, v.maxLength(200, 'a name of at most 200 characters'));
const TextSchema = v.object({ en: Line, ko: Line, ja: Line });

/** Values by name, with a limit of the number of names. */
const named = <V extends v.GenericSchema>(value: V) =>
  v.pipe(
    v.record(NameSchema, value),
    v.check((all) => Object.keys(all).length <= 1_000, 'at most 1,000 names'),
  );

export const SeriesSchema = v.pipe(
  v.object({ step: v.array(Whole), value: v.array(Float) }),
  v.check(({ step, value }) => step.length === value.length, 'as many steps as values'),
);

export const HistogramSchema = v.object({
  low: Float,
  high: Float,
  counts: v.pipe(v.array(Whole), v.maxLength(10_000)),
});

export const ArmRecordSchema = v.object({
  name: NameSchema,
  status: v.picklist(['finished', 'diverged', 'interrupted']),
  series: named(SeriesSchema),
  histograms: v.optional(named(HistogramSchema)),
  final: named(Float),
  divergence: v.optional(v.object({ step: Whole, layer: v.optional(NameSchema), tensor: v.optional(NameSchema) })),
  pruned: v.optional(v.object({ step: Whole })),
  digest: Digest,
});

const VerdictSchema = v.object({
  id: NameSchema,
  text: TextSchema,
  holds: v.boolean(),
  evidence: named(Float),
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
  claims: v.pipe(v.array(VerdictSchema), v.maxLength(1_000)),
  digest: Digest,
  environment: v.record(v.string(), v.string()),
  elapsedSeconds: v.number(),
});

/**
 * Parses the text of `stringifyRecord`. Every float is rounded to float32.
 * @throws RecordError
 */
export function parseRecord(text: string): RunRecord {
  return parseAs(RunRecordSchema, parseJson(text), 'record');
}

/** Converts a record to JSON with one line per series. Results are float32; NaN, ±Infinity and −0 are strings. */
export function stringifyRecord(record: RunRecord): string {
  const claims = record.claims.map((verdict) => ({ ...verdict, evidence: mapValues(verdict.evidence, encodeFloat) }));
  return `${format({ ...record, arms: record.arms.map(encodeArm), claims }, '')}\n`;
}

/** Converts an arm to a value for `JSON.stringify`. */
export function encodeArm(arm: ArmRecord): unknown {
  const { series, histograms, final } = arm;
  return {
    ...arm,
    series: encodeSeries(series),
    ...(histograms && { histograms: encodeHistograms(histograms) }),
    final: mapValues(final, encodeFloat),
  };
}

/** Converts histograms to a value for `JSON.stringify`. */
export function encodeHistograms(histograms: Readonly<Record<string, Histogram>>): unknown {
  return mapValues(histograms, ({ low, high, counts }) => ({ low: encodeFloat(low), high: encodeFloat(high), counts }));
}

/** Converts series to a value for `JSON.stringify`. */
export function encodeSeries(series: ArmRecord['series']): unknown {
  return mapValues(series, ({ step, value }) => ({ step, value: value.map(encodeFloat) }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RecordError(`[record] expected JSON but could not parse the text: ${(error as Error).message}`);
  }
}

/**
 * Validates JSON with a schema.
 * @param what the first word of the message
 * @throws RecordError
 */
export function parseAs<S extends v.GenericSchema>(schema: S, json: unknown, what: string): v.InferOutput<S> {
  const result = v.safeParse(schema, json, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const where = v.getDotPath(issue) ?? 'the value';
  const isMissing = issue.received === 'undefined';
  const found = isMissing ? 'it is missing' : `got ${shorten(issue.received)}`;
  const expected = isMissing
    ? ''
    : ` to be ${issue.type === 'regex' || !issue.expected ? issue.message : issue.expected}`;
  throw new RecordError(`[${what}] expected ${shorten(where)}${expected} but ${found}`);
}

const shorten = (text: string) => (text.length > 100 ? `${text.slice(0, 100)}…` : text);

/** Formats JSON with an indent of two spaces, but with arrays of plain values on one line. */
function format(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isArray = Array.isArray(value);
  if (isArray && value.every((item) => typeof item !== 'object')) return JSON.stringify(value);
  const deeper = `${indent}  `;
  const lines = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => deeper + (isArray ? '' : `${JSON.stringify(key)}: `) + format(item, deeper));
  const [open, close] = isArray ? '[]' : '{}';
  return lines.length === 0 ? `${open}${close}` : `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}
