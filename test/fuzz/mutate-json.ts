// Changes of JSON that leave it JSON: what a schema has to refuse, not the parser.
import { nastyWords } from './nasty-words.ts';
import type { Random } from './random.ts';

type Tree = Record<string, unknown> | unknown[];

/** A value at some place of a tree. */
interface Place {
  readonly parent: Tree;
  readonly key: string;
}

/** A change in one value of the text, or of one of its lines where each is JSON; undefined where it is none. */
export function mutateJson(text: string, random: Random, words: readonly string[]): string | undefined {
  if (!text.includes('{')) return undefined;
  const whole = changed(text, random, words);
  if (whole !== undefined) return whole;
  const lines = text.split('\n');
  const at = random.below(lines.length);
  const line = changed(lines[at] as string, random, words);
  if (line === undefined) return undefined;
  lines[at] = line;
  // The same line twice, or in another place, is a story that nobody wrote.
  if (random.oneIn(8)) lines.splice(random.below(lines.length), 0, line);
  return lines.join('\n');
}

function changed(text: string, random: Random, words: readonly string[]): string | undefined {
  const root = { value: treeOf(text) };
  if (root.value === undefined) return undefined;
  const places: Place[] = [];
  collect(root as Tree, places);
  const { parent, key } = random.pick(places);
  const tree = parent as Record<string, unknown>;
  switch (random.below(7)) {
    case 0:
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete tree[key];
      break;
    case 1:
      define(parent, random.pick([...nastyWords, ...words]), tree[key]);
      break;
    case 2:
      define(parent, key, structuredClone(valueAt(random.pick(places))));
      break;
    case 3:
      define(parent, key, many(tree[key], random));
      break;
    default:
      define(parent, key, nastyValue(tree[key], random, words));
  }
  // JSON.stringify has no word for numbers beyond a float64's; JSON.parse reads them as Infinity.
  return JSON.stringify(root.value)?.replaceAll('"1e999"', random.oneIn(2) ? '1e999' : '"1e999"');
}

const valueAt = ({ parent, key }: Place) => (parent as Record<string, unknown>)[key];

/** As JSON.parse does, also for `__proto__`. */
function define(tree: Tree, key: string, value: unknown): void {
  if (Array.isArray(tree) && !/^\d{1,4}$/.test(key)) return void tree.push(value);
  Object.defineProperty(tree, key, { value, enumerable: true, configurable: true, writable: true });
}

function nastyValue(old: unknown, random: Random, words: readonly string[]): unknown {
  const numbers = [
    0,
    -0,
    1,
    -1,
    0.5,
    1e308,
    -1e308,
    5e-324,
    2 ** 31,
    2 ** 32,
    2 ** 53,
    '1e999',
    'NaN',
    '-0',
    '-Infinity',
  ];
  // Mostly still good, so that what comes behind the schema is reached.
  if (typeof old === 'number' && random.oneIn(2))
    return random.pick([old + 1, old - 1, 2 * old, old / 2, Math.fround(old)]);
  switch (random.below(7)) {
    case 0:
      return typeof old === 'number' ? -old : String(old).slice(0, 100);
    case 1:
      return random.pick([null, true, false, [], {}, [[]], { length: 1e9 }, { __proto__: null }, '']);
    case 2:
      return typeof old === 'number' ? old + 1e9 : [old];
    case 3:
      return random.pick([...nastyWords, ...words]);
    default:
      return random.pick(numbers);
  }
}

/** Long, or deep. */
function many(value: unknown, random: Random): unknown {
  if (random.oneIn(2)) return new Array(random.pick([2, 100, 3_000])).fill(random.oneIn(2) ? value : 0).slice(0, 3_000);
  let deep = value;
  for (let depth = random.pick([10, 500]); depth > 0; depth--) deep = depth % 2 === 0 ? [deep] : { a: deep };
  return deep;
}

function treeOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Places of a tree, each child a place; not all of a long array. */
function collect(tree: Tree, places: Place[]): void {
  for (const key of Object.keys(tree).slice(0, 60)) {
    places.push({ parent: tree, key });
    const value = (tree as Record<string, unknown>)[key];
    if (typeof value === 'object' && value !== null) collect(value as Tree, places);
    if (places.length > 2_000) return;
  }
}
