// Event files as TensorBoard reads them: messages of tensorflow/core/util/event.proto, framed as TFRecord.

import * as is from '../core/check.ts';
import { binWidth, type Histogram, toHistogram } from './histogram.ts';
import { bytes, concat, double, doubles, float, integer, message, text } from './protobuf.ts';

/** One thing that happened at a step: PyTorch's `add_scalar` or `add_histogram`. */
export type SummaryEvent = Scalar | Distribution;

interface Tagged {
  /** After so many steps. */
  readonly step: number;
  /** Name of the chart; a slash makes groups. */
  readonly tag: string;
}

/** One point of a curve. */
export interface Scalar extends Tagged {
  /** What tells happenings apart. */
  readonly kind: 'scalar';
  /** Written as float32. */
  readonly value: number;
}

/** Numbers of which a histogram is drawn. */
export interface Distribution extends Tagged {
  /** What tells happenings apart. */
  readonly kind: 'histogram';
  /** At least one of them finite, for a histogram that says something; or counted already. */
  readonly values: Float32Array | Histogram;
}

/** What the hparams plugin can show; text and booleans in its table, numbers on an axis too. */
export type Setting = string | number | boolean;

/** What TensorBoard shows of one run. */
export interface EventFile {
  /** What the run was told, by name, for the hparams plugin. */
  readonly settings: Readonly<Record<string, Setting>>;
  /** In the order in which they stand in the file. */
  readonly happenings: readonly SummaryEvent[];
  /** Whether the plugin says `FAILURE`. */
  readonly hasFailed: boolean;
  /** Seconds since 1970 at a step: all that is not a function of the run. */
  wallTime(step: number): number;
}

/** What `settings` may be. */
const settingsLike = is.recordOf(
  'an object of texts, numbers and booleans',
  is.kind('a text, a number or a boolean', (value) => ['string', 'number', 'boolean'].includes(typeof value)),
);
const seconds = is.numeric('a finite number of seconds', Number.isFinite);
const spreadLike = is.having('squares', 'a Float32Array or what spreadOf makes of one');
const happeningsLike = is.listOf('an array of events', (who, name, value) => {
  const isScalar = (value as Partial<SummaryEvent> | null)?.kind === 'scalar';
  const values: is.Rule = (...args) => (args[2] instanceof Float32Array ? is.floatsLike : spreadLike)(...args);
  const rules = { kind: is.choice('scalar', 'histogram'), step: is.counter, tag: is.string };
  const content: is.Rules = isScalar ? { ...rules, value: is.number } : { ...rules, values };
  is.optionsOf(content, Object.keys(content))(who, name, value ?? null);
});
const fileLike = is.optionsOf<EventFile>(
  { settings: settingsLike, happenings: happeningsLike, hasFailed: is.boolean, wallTime: is.callable() },
  ['settings', 'happenings', 'hasFailed', 'wallTime'],
);

/** SessionLog.SessionStatus.START of event.proto. */
const SESSION_START = 1;
/** Tags of what the hparams plugin reads. */
const START = '_hparams_/session_start_info';
const END = '_hparams_/session_end_info';

/**
 * The bytes of an event file. TensorBoard finds it where `tfevents` stands in its name. A histogram has 30 equal bins between its least and its
 * greatest finite value. For a file that grows there are `beginEvents`, `moreEvents` and `endEvents`.
 */
export function writeEvents(file: EventFile): Uint8Array {
  is.checkArguments('writeEvents', arguments, { file: fileLike });
  const { settings, happenings, hasFailed } = file;
  const wallTime = (step: number) => file.wallTime(step);
  const last = happenings.reduce((step, each) => Math.max(step, each.step), 0);
  return concat([
    createEventFile(settings, wallTime(0)),
    ...happenings.map((each) => appendEvents([each], wallTime(each.step))),
    finishEventFile(last, hasFailed, wallTime(last)),
  ]);
}

/**
 * Returns the beginning of an event file: its version, and the settings for the hparams plugin.
 * @param time seconds since 1970
 * @param purgeStep of a resumed run: TensorBoard drops the events of earlier files from this step on, as with the `purge_step` of
 * PyTorch's `SummaryWriter`
 */
export function createEventFile(
  settings: Readonly<Record<string, Setting>>,
  time: number,
  purgeStep?: number,
): Uint8Array {
  is.checkArguments('createEventFile', arguments, {
    settings: settingsLike,
    time: seconds,
    purgeStep: is.optional(is.counter),
  });
  const start = message(3, [
    ...Object.entries(settings).map(([name, value]) => message(1, [text(1, name), message(2, [setting(value)])])),
    double(5, time),
  ]);
  const version = concat([double(1, time), text(3, 'brain.Event:2')]);
  const restart =
    purgeStep === undefined
      ? []
      : [concat([double(1, time), integer(2, purgeStep), message(7, [integer(1, SESSION_START)])])];
  return concat([version, ...restart, event(time, 0, hparams(START, start))].map(framed));
}

/**
 * What is appended as the run goes.
 * @param time seconds since 1970
 */
export function appendEvents(happenings: readonly SummaryEvent[], time: number): Uint8Array {
  is.checkArguments('moreEvents', arguments, { happenings: happeningsLike, time: seconds });
  return concat(happenings.map((each) => framed(event(time, each.step, [text(1, each.tag), contentOf(each)]))));
}

/**
 * How the file of a run ends that will not go on.
 * @param step its last one
 * @param time seconds since 1970
 */
export function finishEventFile(step: number, hasFailed: boolean, time: number): Uint8Array {
  is.checkArguments('endEvents', arguments, { step: is.counter, hasFailed: is.boolean, time: seconds });
  const end = message(4, [integer(1, hasFailed ? 2 : 1), double(2, time)]);
  return framed(event(time, step, hparams(END, end)));
}

function event(time: number, step: number, value: readonly Uint8Array[]): Uint8Array {
  return concat([double(1, time), integer(2, step), message(5, [message(1, value)])]);
}

/** google.protobuf.Value. */
function setting(value: Setting): Uint8Array {
  if (typeof value === 'number') return double(2, value);
  return typeof value === 'string' ? text(3, value) : integer(4, Number(value));
}

/** A summary without data, whose metadata the plugin reads. */
function hparams(tag: string, content: Uint8Array): Uint8Array[] {
  const data = concat([integer(1, 0), content]);
  return [text(1, tag), message(9, [message(1, [text(1, 'hparams'), bytes(2, data)])])];
}

function contentOf(each: SummaryEvent): Uint8Array {
  if (each.kind === 'scalar') return float(2, each.value);
  return histogram(each.values instanceof Float32Array ? toHistogram(each.values) : each.values);
}

/** HistogramProto. */
function histogram(spread: Histogram): Uint8Array {
  const { least, greatest, sum, squares, counts } = spread;
  const width = binWidth(spread);
  const limits = counts.map((_, bin) =>
    bin === counts.length - 1 ? Math.max(greatest, least + width) : least + width * (bin + 1),
  );
  const all = counts.reduce((total, count) => total + count, 0);
  const moments = [least, greatest, all, sum, squares].map((value, index) => double(index + 1, value));
  return message(5, [...moments, doubles(6, limits), doubles(7, counts)]);
}

/** Length, its checksum, data, their checksum: tensorflow/core/lib/io/record_writer.cc. */
function framed(data: Uint8Array): Uint8Array {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(data.length), true);
  return concat([length, masked(length), data, masked(data)]);
}

/** A checksum of bytes that hold checksums would be weak. */
function masked(data: Uint8Array): Uint8Array {
  const crc = crc32c(data);
  const turned = ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
  return new Uint8Array(Uint32Array.of(turned >>> 0).buffer);
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/** Castagnoli's CRC-32 (RFC 3720, B.4). */
export function crc32c(data: Uint8Array): number {
  let crc = -1;
  for (const byte of data) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] as number);
  return (crc ^ -1) >>> 0;
}
