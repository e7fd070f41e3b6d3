// What differs between records: options, seed, data and final values, one value per record.
import type { RunRecord } from './record.ts';

/** The values of a name, one per record; null if a record has none. */
export type ValuesByName = Record<string, readonly unknown[]>;

/** Finds the experiments, seeds, data, variants and options that are not the same in all records. */
export function findDifferences(records: readonly RunRecord[]): ValuesByName & { options: ValuesByName } {
  const own = records.map(({ experiment, seed, data, variant }) => ({ experiment, seed, data, variant }));
  const options = collectValues(records.map((record) => record.options));
  return { ...onlyDiffering(collectValues(own)), options: onlyDiffering(options) } as ReturnType<
    typeof findDifferences
  >;
}

/** Turns one object per record into one list per name. */
export function collectValues(objects: readonly object[]): ValuesByName {
  const names = [...new Set(objects.flatMap((each) => Object.keys(each)))];
  const valueIn = (each: object, name: string) => (Object.hasOwn(each, name) ? each[name as keyof typeof each] : null);
  return Object.fromEntries(names.map((name) => [name, objects.map((each) => valueIn(each, name))]));
}

function onlyDiffering(values: ValuesByName): ValuesByName {
  const isSame = (each: readonly unknown[]) => new Set(each.map((value) => JSON.stringify(value))).size === 1;
  return Object.fromEntries(Object.entries(values).filter(([, each]) => !isSame(each)));
}
