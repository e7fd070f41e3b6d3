// Event files of TensorBoard: messages of tensorflow/core/util/event.proto in TFRecord frames.

import * as is from '../core/check.ts';
import { binWidth, type Histogram, toHistogram } from './histogram.ts';
import { bytes, concat, double, doubles, float, integer, message, text } from './protobuf.ts';

/** A value at a step, as PyTorch's `add_scalar` or `add_histogram` writes it. */
export type SummaryEvent = Scalar | Distribution;

interface Tagged {
  /** The number of steps done. */
  readonly step: number;
  /** The name of the chart. A slash separates its group. */
  readonly tag: string;
}

/** A point of a curve. */
export interface Scalar extends Tagged {
  /** The kind of event. */
  readonly kind: 'scalar';
  /** The value, written as float32. */
  readonly value: number;
}

/** Values of a histogram. */
export interface Distribution extends Tagged {
  /** The kind of event. */
  readonly kind: 'histogram';
  /** Values, or their histogram. */
  readonly values: Float32Array | Histogram;
}

/** A hyperparameter of the hparams plugin, which shows all kinds in a table and numbers also on an axis. */
export type Setting = string | number | boolean;

/** Checks `settings`. */
const settingsLike = is.recordOf(
  'an object of texts, numbers and booleans',
  is.kind('a text, a number or a boolean', (value) => ['string', 'number', 'boolean'].includes(typeof value)),
);
const seconds = is.numeric('a finite number of seconds', Number.isFinite);
const histogramLike = is.having('squares', 'a Float32Array or a Histogram');
const eventsLike = is.listOf('an array of events', (who, name, value) => {
  const isScalar = (value as Partial<SummaryEvent> | null)?.kind === 'scalar';
  const values: is.Rule = (...args) => (args[2] instanceof Float32Array ? is.floatsLike : histogramLike)(...args);
  const rules = { kind: is.choice('scalar', 'histogram'), step: is.counter, tag: is.string };
  const content: is.Rules = isScalar ? { ...rules, value: is.number } : { ...rules, values };
  is.optionsOf(content, Object.keys(content))(who, name, value ?? null);
});
/** SessionLog.SessionStatus.START of event.proto. */
const SESSION_START = 1;
/** The tag of the first event of the hparams plugin. */
const START = '_hparams_/session_start_info';
/** The tag of the last event of a finished file. */
const END = '_hparams_/session_end_info';

/**
 * Returns the beginning of a file: the version, and hyperparameters for the hparams plugin. TensorBoard reads files with
 * `tfevents` in their name.
 * @param time seconds since 1970
 * @param purgeStep in the first file after a resume: the step from which TensorBoard drops the events of earlier files
 */
export function createEventFile(
  settings: Readonly<Record<string, Setting>>,
  time: number,
  purgeStep?: number,
): Uint8Array {
  const rules = { settings: settingsLike, time: seconds, purgeStep: is.optional(is.counter) };
  is.checkArguments('createEventFile', arguments, rules);
  const start = message(3, [
    ...Object.entries(settings).map(([name, value]) => message(1, [text(1, name), message(2, [encodeSetting(value)])])),
    double(5, time),
  ]);
  const version = concat([double(1, time), text(3, 'brain.Event:2')]);
  const restart =
    purgeStep === undefined
      ? []
      : [concat([double(1, time), integer(2, purgeStep), message(7, [integer(1, SESSION_START)])])];
  return concat([version, ...restart, encodeEvent(time, 0, hparams(START, start))].map(toFrame));
}

/**
 * Returns the bytes of events, to be appended to a file.
 * @param time seconds since 1970
 */
export function appendEvents(events: readonly SummaryEvent[], time: number): Uint8Array {
  is.checkArguments('appendEvents', arguments, { events: eventsLike, time: seconds });
  return concat(events.map((each) => toFrame(encodeEvent(time, each.step, [text(1, each.tag), encodeContent(each)]))));
}

/**
 * Returns the end of a file.
 * @param step the last step
 * @param hasFailed whether the hparams plugin shows `FAILURE`
 * @param time seconds since 1970
 */
export function finishEventFile(step: number, hasFailed: boolean, time: number): Uint8Array {
  is.checkArguments('finishEventFile', arguments, { step: is.counter, hasFailed: is.boolean, time: seconds });
  const end = message(4, [integer(1, hasFailed ? 2 : 1), double(2, time)]);
  return toFrame(encodeEvent(time, step, hparams(END, end)));
}

function encodeEvent(time: number, step: number, value: readonly Uint8Array[]): Uint8Array {
  return concat([double(1, time), integer(2, step), message(5, [message(1, value)])]);
}

/** Encodes a google.protobuf.Value. */
function encodeSetting(value: Setting): Uint8Array {
  if (typeof value === 'number') return double(2, value);
  return typeof value === 'string' ? text(3, value) : integer(4, Number(value));
}

/** Encodes a summary without data, whose metadata is read by the hparams plugin. */
function hparams(tag: string, content: Uint8Array): Uint8Array[] {
  const data = concat([integer(1, 0), content]);
  return [text(1, tag), message(9, [message(1, [text(1, 'hparams'), bytes(2, data)])])];
}

function encodeContent(each: SummaryEvent): Uint8Array {
  if (each.kind === 'scalar') return float(2, each.value);
  return encodeHistogram(each.values instanceof Float32Array ? toHistogram(each.values) : each.values);
}

/** Encodes a HistogramProto. */
function encodeHistogram(histogram: Histogram): Uint8Array {
  const { least, greatest, sum, squares, counts } = histogram;
  const width = binWidth(histogram);
  const limits = counts.map((_, bin) =>
    bin === counts.length - 1 ? Math.max(greatest, least + width) : least + width * (bin + 1),
  );
  const all = counts.reduce((total, count) => total + count, 0);
  const moments = [least, greatest, all, sum, squares].map((value, index) => double(index + 1, value));
  return message(5, [...moments, doubles(6, limits), doubles(7, counts)]);
}

/** Returns a TFRecord frame: length, its checksum, data, their checksum (tensorflow/core/lib/io/record_writer.cc). */
function toFrame(data: Uint8Array): Uint8Array {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(data.length), true);
  return concat([length, maskedCrc(length), data, maskedCrc(data)]);
}

/** Returns the masked checksum of TFRecord: a plain CRC of bytes that contain CRCs would be weak. */
function maskedCrc(data: Uint8Array): Uint8Array {
  const crc = crc32c(data);
  const rotated = ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
  return new Uint8Array(Uint32Array.of(rotated >>> 0).buffer);
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/** Computes Castagnoli's CRC-32 (RFC 3720, B.4). */
export function crc32c(data: Uint8Array): number {
  let crc = -1;
  for (const byte of data) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] as number);
  return (crc ^ -1) >>> 0;
}
