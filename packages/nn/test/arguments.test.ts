// Every parameter and option of every export, given every wrong type: a TypeError or RangeError that names it, never silence.
import * as kernels from '@descent/kernels';
import { describe, expect, test } from 'vitest';
import * as data from '../src/data/index.ts';
import * as formats from '../src/formats/index.ts';
import * as nn from '../src/index.ts';
import { calls, constants, internal, properties } from './arguments/index.ts';

const modules = { ...kernels, ...nn, ...data, ...formats } as Record<string, unknown>;
const FILE = 'packages/nn/test/arguments/';

/** A value of each kind, by its name. */
const wrong: Record<string, unknown> = {
  null: null,
  string: '0.5',
  array: [0.5],
  boolean: true,
  Date: new Date(0),
  object: {},
  function: () => 1,
  NaN: Number.NaN,
  bigint: 1n,
  symbol: Symbol('s'),
};

const isClass = (value: unknown): value is { prototype: object } =>
  typeof value === 'function' && /^class\b/.test(String(value));

/** Every method of a class that takes arguments, and every property that can be set. */
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

function* rowsOfExports(): Generator<[row: string, isProperty: boolean]> {
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
  const missing = [...rowsOfExports()].filter(([row, isProperty]) => !(row in (isProperty ? properties : calls)));
  expect(missing.map(([row]) => row)).toEqual([]);
});

/** Runs a call to its end, whether it returns, rejects or is a generator. */
async function outcomeOf(act: () => unknown): Promise<unknown> {
  try {
    const result = await act();
    return Object.prototype.toString.call(result) === '[object Generator]'
      ? (result as Iterator<unknown>).next().value
      : result;
  } catch (error) {
    return error;
  }
}

async function expectRefused(what: string, name: string, act: () => unknown): Promise<void> {
  const outcome = await outcomeOf(act);
  const message = outcome instanceof Error ? outcome.message : `accepted: ${String(outcome)}`;
  expect.soft(message, what).toContain(name);
  const isOurs = outcome instanceof TypeError || outcome instanceof RangeError;
  expect.soft(isOurs && /^\[\w+(\.\w+)?\] expected /.test(message), `${what}: ${message}`).toBe(true);
}

/** A device is a plain object too. */
const isOptions = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && value.constructor === Object && !('arena' in value);

/** Which kinds of values are right beside the one in the row. */
function kindsLike(value: unknown): string[] {
  if (typeof value === 'boolean') return ['boolean'];
  if (typeof value === 'function') return ['function'];
  return isOptions(value) ? ['object'] : [];
}

describe.each(Object.entries(calls))('%s', (_, row) => {
  const { act, args, accepts = {}, skips = [] } = row();
  const given = () => Object.values(args);

  test.skipIf(skips.includes('right'))('takes what is right', async () => {
    const outcome = await outcomeOf(() => act(...given()));
    expect(outcome instanceof Error && !(outcome instanceof nn.DataError) ? outcome : undefined).toBeUndefined();
  });

  test.each(Object.keys(args))('%s', async (name) => {
    const index = Object.keys(args).indexOf(name);
    const value = args[name];
    const call = (changed: unknown) => () => act(...given().with(index, changed));
    for (const [kind, bad] of Object.entries(wrong)) {
      if ([...kindsLike(value), ...(accepts[name] ?? [])].includes(kind)) continue;
      await expectRefused(`${name}: ${kind}`, name, call(bad));
    }
    if (!isOptions(value) || accepts[name]?.includes('any key')) return;
    await expectRefused(`${name}: unknown key`, 'nonsense', call({ ...value, nonsense: 1 }));
    for (const [option, right] of Object.entries(value)) {
      for (const [kind, bad] of Object.entries(wrong)) {
        if ([...kindsLike(right), ...(accepts[option] ?? [])].includes(kind)) continue;
        await expectRefused(`${option}: ${kind}`, option, call({ ...value, [option]: bad }));
      }
    }
  });

  test.skipIf(skips.includes('surplus'))('a surplus argument', async () => {
    await expectRefused('surplus', 'argument', () => act(...given(), 1));
  });
});

test.each(Object.entries(properties))('%s, set', async (row, make) => {
  const [name = '', key = ''] = row.split('#');
  const of = make() as Record<string, unknown>;
  const right = of[key];
  for (const [kind, bad] of Object.entries({ ...wrong, '-1': -1 })) {
    if (typeof right === 'boolean' && kind === 'boolean') continue;
    await expectRefused(`${name}.${key} = ${kind}`, key, () => {
      of[key] = bad;
    });
  }
  expect(of[key]).toBe(right);
});
