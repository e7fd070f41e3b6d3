// Event files, read by an independent decoder of frames, checksums and protocol buffers.
import { describe, expect, test } from 'vitest';
import {
  bytes,
  decode,
  doubleOf,
  doublesOf,
  eventsOf,
  type Message,
  summaryOf,
  textOf,
  viewOf,
} from '../../../../test/formats/events.ts';
import { appendEvents, crc32c, createEventFile, finishEventFile } from '../../src/formats/event-file.ts';

// RFC 3720, B.4, and the check value of the CRC catalog.
test.each([
  ['32 zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['0 to 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ['123456789', new TextEncoder().encode('123456789'), 0xe3069283],
])('crc32c of %s', (_, data, crc) => {
  expect(crc32c(data)).toBe(crc);
});

describe('an event file', () => {
  const file = Buffer.concat([
    createEventFile({ lr: 0.5, init: 'he', nesterov: true }, 1000),
    appendEvents([{ kind: 'scalar', step: 3, tag: 'loss', value: 0.25 }], 1003),
    appendEvents(
      [
        { kind: 'histogram', step: 4, tag: 'w', values: Float32Array.of(-1, 0, 0.5, 2, Number.NaN) },
        { kind: 'histogram', step: 4, tag: 'flat', values: new Float32Array(3) },
      ],
      1004,
    ),
    finishEventFile(4, false, 1004),
  ]);
  const events = eventsOf(file);

  test('begins with the version and ends with the end of the session', () => {
    expect(textOf(events[0] as Message, 3)).toBe('brain.Event:2');
    expect(textOf(summaryOf(events.at(-1) as Message), 1)).toBe('_hparams_/session_end_info');
    expect(events.length).toBe(6);
  });

  test('has scalars with step and time', () => {
    const event = events[2] as Message;
    expect([doubleOf(event, 1), event[2]]).toEqual([1003, [3n]]);
    expect(textOf(summaryOf(event), 1)).toBe('loss');
    expect(viewOf(bytes(summaryOf(event), 2)).getFloat32(0, true)).toBe(0.25);
  });

  test('has histograms of the finite values', () => {
    const histogram = decode(bytes(summaryOf(events[3] as Message), 5));
    expect([1, 2, 3, 4, 5].map((field) => doubleOf(histogram, field))).toEqual([-1, 2, 4, 1.5, 5.25]);
    const [limits, counts] = [6, 7].map((field) => doublesOf(bytes(histogram, field))) as [number[], number[]];
    expect(limits.at(-1)).toBe(2);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(4);
    expect([counts[0], counts.at(-1)]).toEqual([1, 1]);
    const flat = decode(bytes(summaryOf(events[4] as Message), 5));
    expect(doublesOf(bytes(flat, 7)).reduce((sum, count) => sum + count, 0)).toBe(3);
  });

  test('has the hyperparameters for the hparams plugin', () => {
    const metadata = decode(bytes(summaryOf(events[1] as Message), 9));
    const plugin = decode(bytes(metadata, 1));
    expect(textOf(plugin, 1)).toBe('hparams');
    const start = decode(bytes(decode(bytes(plugin, 2)), 3));
    const settings = (start[1] as Uint8Array[]).map((entry) => {
      const pair = decode(entry);
      const value = decode(bytes(pair, 2));
      return [textOf(pair, 1), value[2] ? doubleOf(value, 2) : value[3] ? textOf(value, 3) : value[4]?.[0]];
    });
    expect(settings).toEqual([
      ['lr', 0.5],
      ['init', 'he'],
      ['nesterov', 1n],
    ]);
  });
});

test('a file with a purge step has a session START with that step', () => {
  const [, start] = eventsOf(createEventFile({}, 0, 5)) as [Message, Message];
  expect(start[2]).toEqual([5n]);
  expect(decode(bytes(start, 7))).toEqual({ 1: [1n] });
});
