// What stands in an event file of ours that a killed process left: its events up to the first that is not whole.
import { bytesLike, checkArguments } from '../core/check.ts';
import { createEventFile, masked, type Setting, settingsLike } from './event-file.ts';

/** An event of a file, where it stands. */
export interface PastEvent {
  /** After so many steps. */
  readonly step: number;
  /** Empty of the head. */
  readonly tag: string;
  /** Bytes of the file up to and with it. */
  readonly end: number;
}

/** The head of a file, then its events; undefined where it is not of a run with these settings. */
export function readEvents(file: Uint8Array, settings: Readonly<Record<string, Setting>>): PastEvent[] | undefined {
  checkArguments('readEvents', arguments, { file: bytesLike, settings: settingsLike });
  const first = framesIn(file).next().value;
  if (first?.data[0] !== TIME) return undefined;
  const head = createEventFile(settings, new DataView(first.data.buffer, first.data.byteOffset).getFloat64(1, true));
  if (!head.every((byte, at) => file[at] === byte)) return undefined;
  const events: PastEvent[] = [{ step: 0, tag: '', end: head.length }];
  for (const { data, end } of framesIn(file, head.length)) events.push({ ...stepAndTag(data), end });
  return events;
}

interface Frame {
  readonly data: Uint8Array;
  readonly end: number;
}

/** Frames whose checksums are right, up to the first whose are not. */
function* framesIn(file: Uint8Array, from = 0): Generator<Frame, undefined> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const isSealed = (start: number, end: number) =>
    masked(file.subarray(start, end)).every((byte, i) => byte === file[end + i]);
  for (let at = from; at + 16 <= file.length; ) {
    const length = view.getUint32(at, true);
    const end = at + 12 + length;
    if (view.getUint32(at + 4, true) !== 0 || end + 4 > file.length) return;
    if (!isSealed(at, at + 8) || !isSealed(at + 12, end)) return;
    yield { data: file.subarray(at + 12, end), end: end + 4 };
    at = end + 4;
  }
}

/** Keys of the fields: number × 8 + wire type. */
const TIME = 0x09;
const STEP = 0x10;

/** Our own events have their fields in one order: time, step, summary { value { tag … } }. */
function stepAndTag(data: Uint8Array): { step: number; tag: string } {
  let at = 9;
  const number = () => {
    let [value, unit] = [0, 1];
    for (; (data[at] as number) > 127; unit *= 128) value += ((data[at++] as number) & 127) * unit;
    return value + (data[at++] as number) * unit;
  };
  const enter = () => {
    at++;
    return number();
  };
  let step = 0;
  if (data[at] === STEP) step = enter();
  enter();
  enter();
  const length = enter();
  return { step, tag: new TextDecoder().decode(data.subarray(at, at + length)) };
}
