// Trails: short enough for a link, and they name the arm and the stretch in which a run first differs.
import { describe, expect, test } from 'vitest';
import { experiments } from '../src/catalog/index.ts';
import { parseOptions } from '../src/options/options.ts';
import type { ArmRecord, RunRecord } from '../src/record/record.ts';
import { departureFrom, trailOf } from '../src/record/trail.ts';

const STEPS = 80;

function arm(name: string, change?: (loss: number[]) => void): ArmRecord {
  const step = Array.from({ length: STEPS + 1 }, (_, i) => i);
  const value = step.map((i) => Math.fround(1 / (i + name.length)));
  change?.(value);
  const digest = (change ? 'b' : 'a').repeat(64);
  return { name, status: 'finished', series: { trainLoss: { step, value } }, final: {}, digest };
}

const record = (...arms: ArmRecord[]) => ({ arms }) as unknown as RunRecord;
const names = (count: number) => Array.from({ length: count }, (_, i) => `arm ${i}`);

const made = record(arm('SGD'), arm('Adam'));
const trail = trailOf(made) as string;

test('a run that comes out the same does not depart', () => {
  expect(departureFrom(trail, made)).toBeUndefined();
});

test.each<[string, (loss: number[]) => void, object]>([
  ['at the first step', (loss) => loss.splice(0, 1, 9), { after: 0, by: 10 }],
  ['in the middle', (loss) => loss.splice(41, 1, 9), { after: 40, by: 50 }],
  ['on the edge of two stretches', (loss) => loss.splice(40, 1, 9), { after: 30, by: 40 }],
  ['in its last step', (loss) => loss.splice(80, 1, 9), { after: 70, by: 80 }],
  ['in nothing but its weights', () => {}, { after: 70, by: 80 }],
  ['by the sign of a zero', (loss) => loss.splice(5, 1, -0), { after: 0, by: 10 }],
  ['by ending early', (loss) => loss.splice(25), { after: 20, by: 30 }],
])('an arm that differs %s is named', (_, change, stretch) => {
  expect(departureFrom(trail, record(arm('SGD'), arm('Adam', change)))).toEqual({ arm: 'Adam', ...stretch });
});

test.each(experiments.map((experiment) => [experiment.name, experiment] as const))(
  'of %s it is fit for a link',
  (_, { arms, options }) => {
    const all = arms(parseOptions(options, {}), 1).map(({ name }) => arm(name));
    const own = trailOf(record(...all)) as string;
    expect(own).toMatch(/^[\w-]{1,1400}$/);
    expect(departureFrom(own, record(...all))).toBeUndefined();
  },
);

test.each([1, 7, 32, 100, 142])('of %i arms it still names the one that differs', (count) => {
  const all = names(count).map((name) => arm(name));
  const last = arm(`arm ${count - 1}`, (loss) => loss.splice(79, 1, 9));
  expect(departureFrom(trailOf(record(...all)) as string, record(...all.slice(0, -1), last))).toMatchObject({
    arm: last.name,
    by: STEPS,
  });
});

test('there is none of more arms than a link has room for', () => {
  expect(trailOf(record(...names(1_000).map((name) => arm(name))))).toBeUndefined();
});

describe('what is no trail of the run says nothing', () => {
  test.each([
    ['nothing', ''],
    ['markup', '<img src=x>'],
    ['another number of arms', trailOf(record(arm('SGD'))) as string],
    ['one letter less', trail.slice(1)],
    ['a book', 'A'.repeat(100_000)],
  ])('%s', (_, text) => {
    expect(departureFrom(text, made)).toBeUndefined();
  });
});
