// Every option of every experiment at the ends of its range, in runs of three steps.
import { type Experiment, experiments, type Option, type OptionValue, toFlag } from '@descent/experiments';

export interface SweepCase {
  /** `optimizer_compare_mnist --batch-size 4096`. */
  readonly name: string;
  readonly experiment: string;
  /** Flags in kebab-case. */
  readonly flags: readonly string[];
}

/** What makes a run short, as far as the experiment has the option and does not sweep it. */
const SHORT: Readonly<Record<string, OptionValue>> = {
  steps: 3,
  epochs: 3,
  trials: 3,
  scales: 2,
  samples: 100,
  testSamples: 100,
  probeEvery: 1,
};

/** Their maximum is a matter of time alone: three in its place. */
const LENGTHS = ['steps', 'epochs', 'trials'];

const isNew = (value: number, i: number, values: readonly number[]) => values.indexOf(value) === i;

function valuesOf(name: string, option: Option): OptionValue[] {
  switch (option.kind) {
    case 'int':
    case 'float':
      // 0 says never or none: 1 is the least that does something.
      return [
        option.min,
        ...(option.min === 0 && option.max > 1 ? [1] : []),
        LENGTHS.includes(name) ? 3 : option.max,
      ].filter(isNew);
    case 'enum':
      return [...option.choices];
    case 'boolean':
      return [true, false];
    case 'names':
      return [...option.choices.map((choice) => [choice]), option.choices];
    case 'ints': {
      const { min, max, minLength, maxLength } = option;
      const lengths = [minLength, 1, 2, maxLength].filter(isNew);
      return lengths.flatMap((length) =>
        (length === 0 ? [min] : [min, max]).map((size) => new Array<number>(length).fill(size)),
      );
    }
  }
}

function flagsOf(values: Readonly<Record<string, OptionValue>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => [
    toFlag(name),
    Array.isArray(value) && value.length === 0 ? 'none' : String(value),
  ]);
}

function casesOf({ name: experiment, options }: Experiment): SweepCase[] {
  const own = Object.entries(SHORT).filter(([name]) => Object.hasOwn(options, name));
  const caseOf = (swept: Readonly<Record<string, OptionValue>>): SweepCase => {
    const size = Number(swept.batchSize ?? swept.trainSamples ?? 100);
    const rest = {
      ...Object.fromEntries(own),
      ...('epochs' in options && { trainSamples: Math.max(10, size), batchSize: Math.min(4_096, size) }),
      ...('epochs' in options && 'trainSamples' in swept && { epochs: 1 }),
    };
    return {
      name: `${experiment} ${flagsOf(swept)
        .join(' ')
        .replace(/(\d+)((?:,\1)+)(?= |$)/g, (all, size) => `${size}x${all.split(',').length}`)}`,
      experiment,
      flags: flagsOf({ ...rest, ...swept }),
    };
  };
  return Object.entries(options).flatMap(([name, option]) =>
    valuesOf(name, option).map((value) => caseOf({ [name]: value })),
  );
}

/** Cases that do not run: what their messages contain, and their exit codes. */
const REFUSED: readonly (readonly [name: RegExp, message: RegExp, code?: 3])[] = [
  [/ --classes 2$/, /--classes/, 3],
  [/-sizes 4096x32$/, /memory/],
  // Windows of 5 × 5 fit into 28 × 28 pixels twice.
  [/ --channels (1|256)x3$/, /--channels with --kernel-size 5/],
  [/ --lr-low (0|1|5)$/, /--lr-low .*--lr-high/],
  [/ --lr-high -30$/, /--lr-low .*--lr-high/],
  [/ --weight-decay-low (0|1|5)$/, /--weight-decay-low .*--weight-decay-high/],
  [/ --weight-decay-high -30$/, /--weight-decay-low .*--weight-decay-high/],
];

/** How a case ends that is refused; undefined for a case that runs. */
export function refusalOf({ name }: SweepCase): { message: RegExp; code: number } | undefined {
  const found = REFUSED.find(([pattern]) => pattern.test(name));
  return found && { message: found[1], code: found[2] ?? 2 };
}

export const sweepCases: readonly SweepCase[] = experiments.flatMap(casesOf);
