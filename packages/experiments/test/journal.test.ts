import { describe, expect, test } from 'vitest';
import {
  addChecksum,
  armLine,
  checkpointLine,
  endLine,
  type JournalHeader,
  parseJournal,
  startLine,
} from '../src/record/journal.ts';
import { noData, RecordError } from '../src/record/record.ts';
import { Training } from '../src/training/training.ts';
import { classifier, optimizers, tinyContext, train } from './bench.ts';

const header: JournalHeader = {
  experiment: 'optimizer_compare_mnist',
  options: { dialect: 'modern', hiddenSizes: [7, 5], steps: 12 },
  seed: 3,
  data: noData,
  variant: 'reference',
  environment: { os: 'Ünïx 개발' },
};

const context = await tinyContext();
const arm = classifier({ optimizer: optimizers.Adam, hiddenSizes: [3] }, 'Adam');
const other = classifier({ hiddenSizes: [3] }, 'SGD');
const training = new Training(arm, context);
const steps = training.run();
const [early, late] = [4, 7].map((step) => {
  while (training.step < step) steps.next();
  return training.snapshot();
}) as [ReturnType<typeof training.snapshot>, ReturnType<typeof training.snapshot>];
training.release();
const [sgd] = (await train(context, [other])) as [Awaited<ReturnType<typeof train>>[number]];
const lines = [startLine(header), checkpointLine(early), armLine(sgd), checkpointLine(late)];

describe('a journal', () => {
  test('consists of lines of ASCII', () => {
    for (const line of lines) expect(line).toMatch(/^[\x20-\x7e]+\n$/);
  });

  test('restores the state of a run', () => {
    const point = parseJournal(lines.join(''));
    expect(point.header).toEqual(header);
    expect(point.finished).toEqual([sgd]);
    expect(point.checkpoints).toEqual(new Map([['Adam', expect.objectContaining(late)]]));
    expect(point.validBytes).toBe(lines.join('').length);
  });

  test('drops the checkpoints of finished arms', async () => {
    const [record] = await train(context, [arm]);
    const point = parseJournal([...lines, armLine(record as typeof sgd), endLine()].join(''));
    expect(point.checkpoints.size).toBe(0);
    expect(point.finished).toHaveLength(2);
  });

  test('truncated at any byte is valid up to the last complete line', () => {
    const journal = lines.join('');
    const ends = lines.map((_, i) => lines.slice(0, i + 1).join('').length);
    for (let cut = ends[0] as number; cut <= journal.length; cut += cut % 7 === 0 ? 1 : 3) {
      const point = parseJournal(journal.slice(0, cut));
      const whole = ends.filter((end) => end <= cut).length;
      expect(point.validBytes).toBe(ends[whole - 1]);
      expect(point.finished).toHaveLength(whole >= 3 ? 1 : 0);
      expect(point.checkpoints.get('Adam')?.step).toBe([undefined, undefined, 4, 4, 7][whole]);
    }
  });

  test('with a flipped bit is valid up to its line', () => {
    const journal = lines.join('');
    const ends = lines.map((_, i) => lines.slice(0, i + 1).join('').length);
    for (let at = ends[0] as number; at < journal.length; at += 37) {
      const altered = String.fromCharCode(journal.charCodeAt(at) ^ (1 << (at % 7)));
      const { validBytes } = parseJournal(journal.slice(0, at) + altered + journal.slice(at + 1));
      expect(validBytes).toBe(ends.findLast((end) => end <= at));
    }
  });

  test.each([['no text', '']])('with %s is rejected', (_, text) => {
    expect(() => parseJournal(text)).toThrow(RecordError);
  });

  test.each([
    ['no JSON', 'text\n'],
    ['another format', addChecksum(JSON.stringify({ kind: 'start', format: 'descent-journal/2' }))],
    ['altered', startLine(header).replace('"seed":3', '"seed":4')],
  ])('whose first line is %s is rejected', (_, text) => {
    expect(() => parseJournal(text)).toThrow(/^\[journal\] expected/);
  });

  test.each([
    ['zero bytes', '\0\0\0\0\n'],
    [
      'invalid base64',
      addChecksum(JSON.stringify({ kind: 'checkpoint', arm: 'a', step: 1, state: '%', scalars: {}, series: {} })),
    ],
    ['an interrupted arm', armLine({ ...sgd, status: 'interrupted' })],
    ['a line without its checksum', '{"kind":"end"}\n'],
  ])('is valid up to %s', (_, noise) => {
    const point = parseJournal([...lines.slice(0, 3), noise, ...lines.slice(3)].join(''));
    expect(point.validBytes).toBe(lines.slice(0, 3).join('').length);
    expect(point.checkpoints.get('Adam')?.step).toBe(4);
  });
});
