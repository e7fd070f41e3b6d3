// Tables and warnings of a search, from a record with two rounds of four trials.
import { expect, test } from 'vitest';
import type { ArmRecord, RunRecord } from '../../src/record/record.ts';
import { type CompletedTrial, completedTrials } from '../../src/search/figures/completed-trials.ts';
import { touchedEdge } from '../../src/search/figures/funnel.ts';
import type { SamplerSpec } from '../../src/search/samplers/sampler.ts';
import type { Dimension, Space } from '../../src/search/space.ts';
import type { Study } from '../../src/search/study.ts';
import { bestTable, findEdges, isAllRandom, roundsTable } from '../../src/search/summary.ts';

const space: Space = [
  { kind: 'float', name: 'lr', low: -6, high: -2, log: true },
  { kind: 'int', name: 'width', low: 10, high: 30 },
];
const narrowing: SamplerSpec = { kind: 'narrowing', keep: 0.5 };
const studyOf = (sampler: SamplerSpec, trials: number, roundSize: number): Study => ({
  ...{ space, sampler, pruner: { kind: 'none' }, trials, roundSize, measure: 'value', steps: 9 },
  nameOf: (index) => `trial ${index + 1}`,
  task: () => ({}) as never,
});

function armOf(index: number, [exponent, width, value]: readonly number[], more: Partial<ArmRecord> = {}): ArmRecord {
  const at = (each: number) => ({ step: [0], value: [each] });
  const series = {
    lrExponent: at(exponent as number),
    width: at(width as number),
    value: { step: [9], value: [value as number] },
    trainLoss: { step: [9], value: [1] },
  };
  return { name: `trial ${index + 1}`, status: 'finished', series, final: {}, digest: '', ...more };
}

const recordOf = (...arms: ArmRecord[]) => ({ arms, seed: 1, options: {} }) as unknown as RunRecord;
const record = recordOf(
  armOf(0, [-5, 20, 0.1]),
  armOf(1, [-3, 14, 0.9]),
  armOf(2, [-4, 16, 0.5]),
  armOf(3, [-5.5, 29, 0.1]),
  armOf(4, [-3.5, 15, 0.8]),
  armOf(5, [-2.1, 12, 0.95]),
  armOf(6, [-3, 17, 0], { status: 'diverged', divergence: { step: 4 } }),
  armOf(7, [-3.2, 13, 0.2], { pruned: { step: 3 } }),
);
const study = studyOf(narrowing, 8, 4);

test('the table of rounds has ranges, kept trials, the best value and the next ranges', () => {
  const { head, rows } = roundsTable(study, completedTrials(study, record), 'en') ?? { head: [], rows: [] };
  expect(head).toEqual(['round', 'learning rate', 'layer width', 'kept', 'best so far', '']);
  expect(rows).toEqual([
    ['1', '1e-6 – 0.01', '10 – 30', '2 of 4', '0.9', ''],
    // 10^−4.4 to 10^−2.6; 14 − 2.1 to 16 + 2.1. Three trials of the second round are inside; one of them diverged.
    ['2', '3.98e-5 – 0.00251', '12 – 18', '2 of 4', '0.95', ''],
    // 10^(−3.5 − 0.18) to 10^(−3 + 0.18)
    ['next', '2.09e-4 – 0.00151', '13 – 16', '', '', ''],
  ]);
  expect(roundsTable(studyOf({ kind: 'random' }, 8, 4), [], 'en')).toBeUndefined();
});

test('the table of trials includes pruned and diverged ones', () => {
  const { head, rows, title } = bestTable(study, record, 'en');
  expect(title.en).toBe('All trials, best first');
  expect(head).toEqual(['rank', 'trial', 'round', 'value', 'learning rate', 'layer width', '']);
  expect(rows.slice(0, 2)).toEqual([
    ['1', '6', '2', '0.95', '0.00794', '12', ''],
    ['2', '2', '1', '0.9', '0.001', '14', ''],
  ]);
  expect(rows.find(([, trial]) => trial === '8')?.at(-1)).toBe('stopped early at step 3');
  expect(rows.at(-1)?.slice(1)).toEqual(['7', '2', '0', '0.001', '17', 'diverged at step 4']);
});

test.each<[string, SamplerSpec, RunRecord, string[]]>([
  ['the upper end', narrowing, record, ['lr high']],
  ['no end', narrowing, recordOf(armOf(0, [-4, 20, 1])), []],
  ['two ends', narrowing, recordOf(armOf(0, [-5.9, 30, 1])), ['lr low', 'width high']],
  ['no end of a search that does not narrow', { kind: 'random' }, record, []],
  ['no end without trials', narrowing, recordOf(), []],
])('`findEdges` returns %s', (_, sampler, given, edges) => {
  const found = findEdges(studyOf(sampler, 8, 4), completedTrials(studyOf(sampler, 8, 4), given));
  expect(found.map(({ dimension, end }) => `${dimension.name} ${end}`)).toEqual(edges);
});

test.each<[string, Record<string, number>, 'low' | 'high' | undefined]>([
  ['4.75 % from the upper end', { lr: -2.19 }, 'high'],
  ['5.25 % from the upper end', { lr: -2.21 }, undefined],
  ['near the lower end', { lr: -5.9 }, 'low'],
  ['a point without the dimension', {}, undefined],
])('`touchedEdge` for %s', (_, point, end) => {
  const trials = [
    { point: { lr: -4 }, value: 0.5 },
    { point, value: 0.9 },
  ] as unknown as CompletedTrial[];
  expect(touchedEdge(space[0] as Dimension, trials)).toBe(end);
});

test('the warning names parameter, value and range', () => {
  const [edge] = findEdges(study, completedTrials(study, record));
  expect(edge?.text.en).toBe(
    'The best trial has a learning rate of 0.00794, at the upper end of the search range (1e-6 – 0.01): better values may lie outside it.',
  );
});

test.each<[SamplerSpec, number, number, boolean]>([
  [narrowing, 8, 8, true],
  [narrowing, 9, 8, false],
  [{ kind: 'tpe', startup: 10 }, 20, 20, true],
  [{ kind: 'tpe', startup: 10 }, 21, 20, false],
  [{ kind: 'tpe', startup: 10 }, 12, 6, true],
  [{ kind: 'tpe', startup: 10 }, 13, 6, false],
  [{ kind: 'random' }, 8, 20, false],
])('%j of %d trials in rounds of %d samples at random only: %s', (sampler, trials, roundSize, isRandom) => {
  expect(isAllRandom(studyOf(sampler, trials, roundSize))).toBe(isRandom);
});
