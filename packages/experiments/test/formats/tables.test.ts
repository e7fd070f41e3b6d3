// Records as tables, NumPy files and an Optuna journal.
import { describe, expect, test } from 'vitest';
import { npyFiles, seriesTable, toCsv, toJson, trialTable, writeOptunaJournal } from '../../src/export/index.ts';
import { findExperiment, type RunRecord } from '../../src/index.ts';
import { run, tinyContext } from '../bench.ts';

const search = findExperiment('hyperparameter_optimization');
const tiny = { trials: 7, roundSize: 4, epochs: 4, firstRung: 1, hiddenSizes: [5], batchSize: 10, trainSamples: 40 };
const record: RunRecord = await run(
  search,
  { ...tiny, space: 'optimizer', sampler: 'narrowing', pruner: 'halving', lrHigh: 3 },
  1,
  await tinyContext(),
);

test('`seriesTable` has one row per value', () => {
  const { columns, rows } = seriesTable(record);
  expect(columns).toEqual(['arm', 'measure', 'step', 'value']);
  const count = record.arms
    .flatMap(({ series }) => Object.values(series))
    .reduce((sum, { step }) => sum + step.length, 0);
  expect(rows.length).toBe(count);
});

test('`trialTable` has one row per trial, with its parameters', () => {
  const { columns, rows } = trialTable(search, record);
  expect(columns.slice(0, 6)).toEqual(['number', 'arm', 'round', 'state', 'steps', 'validationAccuracy']);
  expect(rows.map((row) => row[2])).toEqual([1, 1, 1, 1, 2, 2, 2]);
  const column = columns.indexOf('momentum');
  for (const row of rows) expect(row[column] === undefined).toBe(row[columns.indexOf('optimizer')] !== 'momentum');
});

test('`toCsv` and `toJson` escape formulas, quotes and NaN', () => {
  const rows = [['=1+1', 'a,b', 'c"d', Number.NaN, 0.10000000149011612, undefined]] as const;
  const table = { columns: ['a', 'b', 'c', 'd', 'e', 'f'], rows };
  expect(toCsv(table)).toBe('a,b,c,d,e,f\n\'=1+1,"a,b","c""d",NaN,0.1,\n');
  expect(JSON.parse(toJson(table))).toEqual([{ a: '=1+1', b: 'a,b', c: 'c"d', d: 'NaN', e: 0.1, f: null }]);
});

test('`npyFiles` have the header and the data of NumPy', () => {
  const files = npyFiles(record);
  for (const { arm, measure, part, bytes } of files) {
    const length = bytes[8] as number;
    const header = new TextDecoder().decode(bytes.subarray(10, 10 + length));
    expect([...bytes.subarray(0, 8)]).toEqual([0x93, ...Buffer.from('NUMPY'), 1, 0]);
    expect((10 + length) % 64).toBe(0);
    expect(header.endsWith('\n')).toBe(true);
    const [, descr, size] = /'descr': '(.+?)', 'fortran_order': False, 'shape': \((\d+),\)/.exec(header) ?? [];
    expect(descr).toBe(part === 'step' ? '<i4' : '<f4');
    const body = bytes.slice(10 + length).buffer;
    const data = part === 'step' ? new Int32Array(body) : new Float32Array(body);
    const series = record.arms.find(({ name }) => name === arm)?.series[measure];
    expect([...data]).toEqual(series?.[part]);
    expect(Number(size)).toBe(data.length);
  }
});

// The checks that optuna/storages/journal/_storage.py makes when it reads a journal.
describe('the Optuna journal', () => {
  const lines = writeOptunaJournal(search, record)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

  test('creates a study that is maximized, then its trials', () => {
    expect(lines[0]).toMatchObject({ op_code: 0, directions: [2], study_name: 'hyperparameter_optimization seed 1' });
    expect(lines.slice(1).every(({ op_code, study_id }) => op_code === 4 && study_id === 0)).toBe(true);
    expect(lines.length).toBe(8);
  });

  test('has the state and the value of each trial', () => {
    const states = record.arms.map(({ status, pruned }) => (status === 'diverged' ? 3 : pruned ? 2 : 1));
    expect(lines.slice(1).map(({ state }) => state)).toEqual(states);
    for (const { state, value } of lines.slice(1)) expect(value === null).toBe(state === 3);
    expect(new Set(states).size).toBeGreaterThan(1);
  });

  test('has no complete trial without a value', () => {
    const arms = record.arms.map((arm) => ({ ...arm, status: 'finished' as const, final: {}, series: {} }));
    const [, ...trials] = writeOptunaJournal(search, { ...record, arms })
      .trimEnd()
      .split('\n');
    const complete = trials.map((line) => JSON.parse(line)).filter(({ state }) => state === 1);
    expect(complete).toEqual([]);
  });

  test('has parameters inside their distributions', () => {
    for (const { params, distributions } of lines.slice(1)) {
      expect(Object.keys(params)).toEqual(Object.keys(distributions));
      for (const [name, value] of Object.entries<number>(params)) {
        const { name: kind, attributes } = JSON.parse(distributions[name]);
        if (kind === 'CategoricalDistribution') expect(attributes.choices[value]).toBeTypeOf('string');
        else expect(value >= attributes.low && value <= attributes.high).toBe(true);
      }
    }
  });

  test('refuses experiments that are not searches', () => {
    const naive = findExperiment('optimizer_compare_naive');
    expect(() => writeOptunaJournal(naive, record)).toThrow(/is not a search/);
    expect(() => trialTable(naive, record)).toThrow(/is not a search/);
  });
});
