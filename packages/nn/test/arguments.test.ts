// Every parameter and option of every export, with a value of each wrong type, −1 and a number beyond
// float32: it must throw a TypeError or RangeError that names it.
import * as kernels from '@descent/kernels';
import * as bench from '@descent/kernels/bench';
import { describe, expect, test } from 'vitest';
import * as data from '../src/data/index.ts';
import * as formats from '../src/formats/index.ts';
import * as nn from '../src/index.ts';
import { calls, constants, internal, properties } from './arguments/index.ts';

const modules = { ...kernels, ...bench, ...nn, ...data, ...formats } as Record<string, unknown>;
const FILE = 'packages/nn/test/arguments/';

/** A value of each kind. */
const wrong: Record<string, unknown> = {
  null: null,
  string: '0.5',
  array: [0.5],
  boolean: true,
  Date: new Date(0),
  object: {},
  function: () => 1,
  NaN: Number.NaN,
  '-1': -1,
  '1e39': 1e39,
  bigint: 1n,
  symbol: Symbol('s'),
};

/** Arguments and options that may be any number. */
const anyNumber = 'value x time measure mean low initialGamma ignoreIndex best'.split(' ');

const isClass = (value: unknown): value is { prototype: object } =>
  typeof value === 'function' && /^class\b/.test(String(value));

/** Yields every method of a class that has parameters, and every property that can be set. */
function* membersOf(name: string, value: { prototype: object }): Generator<[row: string, isProperty: boolean]> {
  for (const key of Object.getOwnPropertyNames(value)) {
    if (typeof (value as never)[key] === 'function') yield [`${name}.${key}`, false];
  }
  for (let of = value.prototype; Object.hasOwn(of, 'constructor') && !isBuiltIn(of); of = Object.getPrototypeOf(of)) {
    for (const [key, { value: method, set }] of Object.entries(Object.getOwnPropertyDescriptors(of))) {
      if (key === 'constructor' || internal.has(key)) continue;
      if (set) yield [`${name}#${key}`, true];
      else if (typeof method === 'function' && method.length > 0) yield [`${name}#${key}`, false];
    }
  }
}

const isBuiltIn = (prototype: object) => [Object, Error, RangeError].some((each) => each.prototype === prototype);

function* exportedRows(): Generator<[row: string, isProperty: boolean]> {
  for (const [name, value] of Object.entries(modules)) {
    if (constants.has(name)) continue;
    if (typeof value === 'function') yield [name, false];
    if (isClass(value)) yield* membersOf(name, value);
    if (typeof value !== 'object') continue;
    for (const [key, member] of Object.entries(value as object)) {
      if (typeof member === 'function') yield [`${name}.${key}`, false];
    }
  }
}

test(`every export has a row in ${FILE}`, () => {
  const missing = [...exportedRows()].filter(([row, isProperty]) => !(row in (isProperty ? properties : calls)));
  expect(missing.map(([row]) => row)).toEqual([]);
});

/** Returns the result or the error of a call, also if it is asynchronous or a generator. */
async function runCall(act: () => unknown): Promise<unknown> {
  try {
    const result = await act();
    return Object.prototype.toString.call(result) === '[object Generator]'
      ? (result as Iterator<unknown>).next().value
      : result;
  } catch (error) {
    return error;
  }
}

async function expectRejected(what: string, name: string, act: () => unknown): Promise<void> {
  const outcome = await runCall(act);
  const message = outcome instanceof Error ? outcome.message : `accepted: ${String(outcome)}`;
  expect.soft(message, what).toContain(name);
  const isExpected = outcome instanceof TypeError || outcome instanceof RangeError;
  expect.soft(isExpected && /^\[\w+(\.\w+)?\] expected /.test(message), `${what}: ${message}`).toBe(true);
}

/** Returns whether a value is a plain object, but not a device. */
const isOptions = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && value.constructor === Object && !('arena' in value);

/** Returns the kinds of values that are valid because of the name, or because the value in the row is. */
function validKinds(name: string, value: unknown): string[] {
  if (anyNumber.includes(name)) return ['-1', '1e39'];
  if (typeof value === 'boolean') return ['boolean'];
  if (typeof value === 'function') return ['function'];
  return isOptions(value) ? ['object'] : [];
}

describe.each(Object.entries(calls))('%s', (_, row) => {
  const { act, args, accepts = {}, skips = [] } = row();
  const given = () => Object.values(args);

  test.skipIf(skips.includes('right'))('accepts valid arguments', async () => {
    const outcome = await runCall(() => act(...given()));
    expect(outcome instanceof Error && !(outcome instanceof nn.DataError) ? outcome : undefined).toBeUndefined();
  });

  test.each(Object.keys(args))('rejects invalid values of %s', async (name) => {
    const index = Object.keys(args).indexOf(name);
    const value = args[name];
    const call = (changed: unknown) => () => act(...given().with(index, changed));
    for (const [kind, bad] of Object.entries(wrong)) {
      if ([...validKinds(name, value), ...(accepts[name] ?? [])].includes(kind)) continue;
      await expectRejected(`${name}: ${kind}`, name, call(bad));
    }
    if (!isOptions(value) || accepts[name]?.includes('any key')) return;
    await expectRejected(`${name}: unknown key`, 'nonsense', call({ ...value, nonsense: 1 }));
    for (const [option, right] of Object.entries(value)) {
      for (const [kind, bad] of Object.entries(wrong)) {
        if ([...validKinds(option, right), ...(accepts[option] ?? [])].includes(kind)) continue;
        await expectRejected(`${option}: ${kind}`, option, call({ ...value, [option]: bad }));
      }
    }
  });

  test.skipIf(skips.includes('surplus'))('rejects a surplus argument', async () => {
    await expectRejected('surplus', 'argument', () => act(...given(), 1));
  });
});

test.each(Object.entries(properties))('%s rejects invalid values', async (row, make) => {
  const [name = '', key = ''] = row.split('#');
  const of = make() as Record<string, unknown>;
  const right = of[key];
  for (const [kind, bad] of Object.entries(wrong)) {
    if (typeof right === 'boolean' && kind === 'boolean') continue;
    await expectRejected(`${name}.${key} = ${kind}`, key, () => {
      of[key] = bad;
    });
  }
  expect(of[key]).toBe(right);
});
