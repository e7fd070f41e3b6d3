// Event files as TensorBoard reads them: messages of tensorflow/core/util/event.proto, framed as TFRecord.
import { bytes, concat, double, doubles, float, integer, message, text } from './protobuf.ts';

/** One thing that happened at a step: PyTorch's `add_scalar` or `add_histogram`. */
export type Happening = Scalar | Distribution;

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
  /** At least one of them finite, for a histogram that says something. */
  readonly values: Float32Array;
}

/** What the hparams plugin can show; text and booleans in its table, numbers on an axis too. */
export type Setting = string | number | boolean;

/** What TensorBoard shows of one run. */
export interface EventFile {
  /** What the run was told, by name, for the hparams plugin. */
  readonly settings: Readonly<Record<string, Setting>>;
  /** In the order in which they stand in the file. */
  readonly happenings: readonly Happening[];
  /** Whether the plugin says `FAILURE`. */
  readonly hasFailed: boolean;
  /** Seconds since 1970 at a step: all that is not a function of the run. */
  wallTime(step: number): number;
}

/**
 * The bytes of an event file. TensorBoard finds it where `tfevents` stands in its name. A histogram has 30 equal bins between its least and its
 * greatest finite value.
 */
export function writeEvents({ settings, happenings, hasFailed, wallTime }: EventFile): Uint8Array {
  const last = happenings.reduce((step, each) => Math.max(step, each.step), 0);
  const start = message(3, [
    ...Object.entries(settings).map(([name, value]) => message(1, [text(1, name), message(2, [setting(value)])])),
    double(5, wallTime(0)),
  ]);
  const end = message(4, [integer(1, hasFailed ? 2 : 1), double(2, wallTime(last))]);
  const events = [
    concat([double(1, wallTime(0)), text(3, 'brain.Event:2')]),
    event(wallTime(0), 0, hparams('_hparams_/session_start_info', start)),
    ...happenings.map((each) => event(wallTime(each.step), each.step, [text(1, each.tag), contentOf(each)])),
    event(wallTime(last), last, hparams('_hparams_/session_end_info', end)),
  ];
  return concat(events.map(framed));
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

function contentOf(each: Happening): Uint8Array {
  return each.kind === 'scalar' ? float(2, each.value) : histogram(each.values);
}

const BINS = 30;

/** HistogramProto: equal bins from the least to the greatest finite value. */
function histogram(all: Float32Array): Uint8Array {
  const values = all.filter(Number.isFinite);
  let [least, greatest, sum, squares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const value of values) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
    sum += value;
    squares += value * value;
  }
  if (values.length === 0) [least, greatest] = [0, 0];
  const width = (greatest - least) / BINS || 1;
  const buckets = new Float64Array(BINS);
  for (const value of values) {
    const bin = Math.min(BINS - 1, Math.floor((value - least) / width));
    buckets[bin] = (buckets[bin] as number) + 1;
  }
  const limits = Float64Array.from(buckets, (_, bin) =>
    bin === BINS - 1 ? Math.max(greatest, least + width) : least + width * (bin + 1),
  );
  const moments = [least, greatest, values.length, sum, squares].map((value, index) => double(index + 1, value));
  return message(5, [...moments, doubles(6, limits), doubles(7, buckets)]);
}

/** Length, its checksum, data, their checksum: tensorflow/core/lib/io/record_writer.cc. */
function framed(data: Uint8Array): Uint8Array {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(data.length), true);
  return concat([length, masked(length), data, masked(data)]);
}

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
