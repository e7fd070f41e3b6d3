// When two answers of the queue are the same, and when something is not deterministic.
import type { ArmRecord } from '@descent/experiments';
import { expect, test } from 'vitest';
import { Answers } from '../src/queue/answers.ts';

const recordAt = (step: number, status: ArmRecord['status'], digest: string): ArmRecord => ({
  name: 'trial 1',
  status,
  series: { trainLoss: { step: [1, step], value: [1, 0.5] } },
  final: {},
  digest: digest.repeat(64),
});
const answer = (record: ArmRecord, seed = 1) =>
  ({ format: 'descent-result/1', kind: 'arm', run: '', tag: 'a', worker: 'x:1', seed, record }) as const;

const finished = recordAt(9, 'finished', '1');
const paused = recordAt(4, 'interrupted', '2');

test.each([
  ['the same end', finished, finished, false],
  ['another end', finished, recordAt(9, 'finished', '3'), true],
  ['an end elsewhere', finished, recordAt(8, 'finished', '1'), true],
  ['diverged beside finished', finished, recordAt(9, 'diverged', '1'), true],
  ['the same pause', paused, paused, false],
  ['another state at the same pause', paused, recordAt(4, 'interrupted', '3'), true],
  ['a pause of one that had gone further', paused, recordAt(7, 'interrupted', '3'), false],
])('%s', (_, first, second, isDifferent) => {
  const answers = new Answers([]);
  expect(answers.compare(answer(first))).toBeUndefined();
  expect(answers.compare(answer(second)) !== undefined).toBe(isDifferent);
});

test.each([
  ['what the journal has', finished, 1, false],
  ['what the journal has otherwise', recordAt(9, 'finished', '3'), 1, true],
  ['what it has of another seed', recordAt(9, 'finished', '3'), 2, false],
  ['a pause on the way there', paused, 1, false],
])('%s', (_, record, seed, isDifferent) => {
  const answers = new Answers([{ seed: 1, finished: [finished] }]);
  expect(answers.compare(answer(record, seed)) !== undefined).toBe(isDifferent);
});
