// An independent reader of event files: frames, checksums, and fields of protocol buffers.

type Field = bigint | Uint8Array;
export type Message = Record<number, Field[]>;

/** Computes Castagnoli's CRC-32 bit by bit. */
function crc32c(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}

/** Decodes the fields of a message by number: varints as bigint, all others as bytes. */
export function decode(data: Uint8Array): Message {
  const fields: Message = {};
  let at = 0;
  const varint = () => {
    let [value, shift] = [0n, 0n];
    for (;;) {
      const byte = data[at++] as number;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
      shift += 7n;
    }
  };
  while (at < data.length) {
    const key = Number(varint());
    const wire = key & 7;
    const readBytes = (length: number) => data.subarray(at, (at += length));
    const field = wire === 0 ? varint() : readBytes(wire === 1 ? 8 : wire === 5 ? 4 : Number(varint()));
    (fields[key >> 3] ??= []).push(field);
  }
  return fields;
}

export const bytes = (fields: Message, number: number, index = 0) => fields[number]?.[index] as Uint8Array;
export const textOf = (fields: Message, number: number) => new TextDecoder().decode(bytes(fields, number));
export const viewOf = (data: Uint8Array) => new DataView(data.buffer, data.byteOffset, data.byteLength);
export const doubleOf = (fields: Message, number: number) => viewOf(bytes(fields, number)).getFloat64(0, true);
export const doublesOf = (data: Uint8Array) =>
  Array.from({ length: data.length / 8 }, (_, i) => viewOf(data).getFloat64(8 * i, true));

/** Reads a complete file. @throws Error if a record is cut or a checksum is wrong */
export function eventsOf(file: Uint8Array): Message[] {
  const { events, rest } = readEvents(file);
  if (rest > 0) throw new Error(`the last record is cut: ${rest} bytes`);
  return events;
}

/** Reads a file that can end with an incomplete record of `rest` bytes. @throws Error if a checksum is wrong */
function readEvents(file: Uint8Array): { events: Message[]; rest: number } {
  const view = viewOf(file);
  const check = (at: number, data: Uint8Array) => {
    const crc = crc32c(data);
    const masked = (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
    if (view.getUint32(at, true) !== masked) throw new Error(`the checksum at byte ${at} is wrong`);
  };
  const events: Message[] = [];
  let at = 0;
  while (at + 12 <= file.length) {
    check(at + 8, file.subarray(at, at + 8));
    const length = Number(view.getBigUint64(at, true));
    const end = at + 12 + length;
    if (end + 4 > file.length) break;
    const data = file.subarray(at + 12, end);
    check(end, data);
    events.push(decode(data));
    at = end + 4;
  }
  return { events, rest: file.length - at };
}

export const stepOf = (event: Message) => Number(event[2]?.[0] ?? 0n);
export const summaryOf = (event: Message) => decode(bytes(decode(bytes(event, 5)), 1));

/** Returns the events that TensorBoard shows for the files of a run. A session START drops earlier events from its step on. */
export function shownEvents(files: readonly Uint8Array[]): Message[] {
  let shown: Message[] = [];
  for (const { events } of files.map(readEvents)) {
    const start = events.find((event) => event[7]);
    if (start) shown = shown.filter((event) => stepOf(event) < stepOf(start));
    shown.push(...events.filter((event) => event[5]));
  }
  return shown;
}
