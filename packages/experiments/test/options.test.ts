import { describe, expect, test } from 'vitest';
import {
  boolean,
  choice,
  describeRange,
  float,
  formatOption,
  int,
  ints,
  names,
  OptionError,
  parseOption,
  parseOptions,
} from '../src/options/options.ts';

const text = { en: 'x', ko: 'x', ja: 'x' };
const labels = { label: text, help: text };
const schema = {
  dialect: choice({ default: 'modern', choices: ['modern', 'book'], ...labels }),
  batchSize: int({ default: 128, min: 1, max: 4096, ...labels }),
  adamEps: float({ default: 1e-8, book: 1e-7, min: 0, max: 1, ...labels }),
  hiddenSizes: ints({ default: [100, 100], min: 1, max: 4096, minLength: 0, maxLength: 4, ...labels }),
  filters: ints({ default: [16], min: 1, max: 256, minLength: 1, maxLength: 3, ...labels }),
  nesterov: boolean({ default: false, ...labels }),
  optimizers: names({ default: ['SGD'], choices: ['SGD', 'AdaGrad', 'Adam'], ...labels }),
};
type Name = keyof typeof schema;

describe('parseOption accepts', () => {
  test.each<[Name, unknown, unknown]>([
    ['batchSize', '64', 64],
    ['batchSize', '1e3', 1000],
    ['batchSize', ' 8 ', 8],
    ['adamEps', '.5', 0.5],
    ['hiddenSizes', '100,50', [100, 50]],
    ['hiddenSizes', '100x3', [100, 100, 100]],
    ['hiddenSizes', '100×2', [100, 100]],
    ['hiddenSizes', '7', [7]],
    ['hiddenSizes', 'none', []],
    ['adamEps', '1e-45', 1e-45],
    ['adamEps', '0e-400', 0],
    ['nesterov', 'true', true],
    ['nesterov', false, false],
    ['optimizers', ' Adam, SGD,Adam', ['SGD', 'Adam']],
    ['optimizers', ['Adam', 'SGD'], ['SGD', 'Adam']],
  ])('%s %j', (name, raw, value) => {
    expect(parseOption(name, schema[name], raw)).toEqual(value);
  });
});

describe('parseOption rejects', () => {
  test.each<[Name, unknown]>([
    ['batchSize', '0'],
    ['optimizers', ''],
    ['optimizers', 'Adam,'],
    ['optimizers', '__proto__'],
    ['batchSize', '4097'],
    ['batchSize', '1.5'],
    ['batchSize', ''],
    ['batchSize', '0x10'],
    ['batchSize', 'Infinity'],
    ['batchSize', true],
    ['adamEps', '-1'],
    ['adamEps', '1,5'],
    ['adamEps', '1e-50'],
    ['hiddenSizes', ''],
    ['hiddenSizes', 'none,none'],
    ['filters', 'none'],
    ['adamEps', { lr: { lr: 1 } }],
    ['hiddenSizes', '100,,50'],
    ['hiddenSizes', '0'],
    ['hiddenSizes', '1,2,3,4,5'],
    ['hiddenSizes', '1x999999999'],
    ['hiddenSizes', [1.5]],
    ['nesterov', 'yes'],
    ['dialect', 'Book'],
  ])('%s %j', (name, raw) => {
    expect(() => parseOption(name, schema[name], raw)).toThrow(OptionError);
  });
});

describe('errors', () => {
  const getError = (raw: Record<string, unknown>): OptionError => {
    try {
      parseOptions(schema, raw);
    } catch (error) {
      return error as OptionError;
    }
    throw new Error('expected an error');
  };

  test.each<[Record<string, unknown>, object]>([
    [
      { batchSize: '0' },
      {
        option: 'batchSize',
        flag: '--batch-size',
        message: '[options] expected --batch-size to be a whole number from 1 to 4096 but got "0"',
      },
    ],
    [{ adamEPS: 1 }, { message: '[options] "adamEPS" is not an option of this experiment; did you mean --adam-eps?' }],
    [{ batch_size: 8 }, { nearest: 'batchSize' }],
    [{ patience: 8 }, { message: '[options] "patience" is not an option of this experiment' }],
    [{ 'batch-size': 8, batchSize: 9 }, { message: '[options] --batch-size is given twice' }],
    [
      { adamEps: '1e-50' },
      { message: '[options] --adam-eps "1e-50" is 0 in float32; the smallest positive number is 1.4e-45' },
    ],
    [{ hiddenSizes: [[[1]]] }, { message: expect.stringMatching(/--hidden-sizes .* but got a nested value$/) }],
  ])('%j', (raw, expected) => {
    expect(getError(raw)).toMatchObject(expected);
  });

  test('describe the range of lists', () => {
    expect(describeRange(schema.hiddenSizes)).toBe(
      'none, or 1 to 4 whole numbers from 1 to 4096, as in 100,50 or 100x4',
    );
    expect(describeRange(schema.optimizers, 'ko')).toBe('SGD, AdaGrad, Adam 중 하나 이상');
    expect(describeRange(schema.batchSize, 'ja')).toBe('1 以上 4096 以下の整数');
  });
});

describe('parseOptions', () => {
  test('uses defaults for missing values', () => {
    expect(parseOptions(schema, {})).toEqual({
      dialect: 'modern',
      batchSize: 128,
      adamEps: 1e-8,
      hiddenSizes: [100, 100],
      filters: [16],
      nesterov: false,
      optimizers: ['SGD'],
    });
  });

  test('uses the defaults of the book in its dialect, except for given values', () => {
    expect(parseOptions(schema, { dialect: 'book' }).adamEps).toBe(1e-7);
    expect(parseOptions(schema, { dialect: 'book', adamEps: 1e-3 }).adamEps).toBe(1e-3);
  });

  test('accepts names in camelCase and as flags', () => {
    expect(parseOptions(schema, { 'batch-size': 8, 'adam-eps': '1e-3' })).toMatchObject({
      batchSize: 8,
      adamEps: 1e-3,
    });
    expect(parseOptions(schema, { '--hidden-sizes': 'none' }).hiddenSizes).toEqual([]);
  });

  test('treats undefined as missing, and accepts its own result', () => {
    const options = parseOptions(schema, { batchSize: undefined, hiddenSizes: '3x2' });
    expect(options.batchSize).toBe(128);
    expect(parseOptions(schema, options)).toEqual(options);
  });

  test('parses the result of formatOption', () => {
    const options = parseOptions(schema, { hiddenSizes: 'none', filters: '3,4', nesterov: 'true' });
    const typed = Object.fromEntries(Object.entries(options).map(([name, value]) => [name, formatOption(value)]));
    expect(parseOptions(schema, typed)).toEqual(options);
  });
});
