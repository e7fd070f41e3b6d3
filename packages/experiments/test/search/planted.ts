// Searches on functions with a known maximum instead of training.
import type { ArmRecord } from '../../src/record/record.ts';
import type { PrunerSpec } from '../../src/search/pruner.ts';
import type { SamplerSpec } from '../../src/search/samplers/sampler.ts';
import type { Point, Space } from '../../src/search/space.ts';
import { type Study, scheduleStudy } from '../../src/search/study.ts';
import type { ArmSpec } from '../../src/training/arm.ts';
import type { Segment } from '../../src/training/segment.ts';

export interface Planted {
  readonly space: Space;
  /** Its maximum is 1. */
  readonly value: (point: Point) => number;
}

/** A round hill over the book's space, with its top at 10^−2.7, 10^−6.2. */
export const hill: Planted = {
  space: [
    { kind: 'float', name: 'lr', low: -6, high: -2, log: true },
    { kind: 'float', name: 'weightDecay', low: -8, high: -4, log: true },
  ],
  value: ({ lr = 0, weightDecay = 0 }) => 1 - ((lr + 2.7) ** 2 + (weightDecay + 6.2) ** 2) / 16,
};

/** A hill per optimizer, the highest for momentum, which has an additional dimension; and an integer dimension. */
export const fork: Planted = {
  space: [
    { kind: 'categorical', name: 'optimizer', choices: ['sgd', 'momentum', 'adam'] },
    { kind: 'float', name: 'lr', low: -6, high: -1, log: true },
    { kind: 'float', name: 'momentum', low: 0, high: 1, when: { name: 'optimizer', is: ['momentum'] } },
    { kind: 'int', name: 'width', low: 8, high: 256, log: true },
  ],
  value: ({ optimizer = 0, lr = 0, momentum, width = 1 }) => {
    const layers = ((Math.log2(width) - 6) / 5) ** 2;
    if (momentum === undefined) return 0.7 - ((lr + (optimizer === 0 ? 2 : 4)) / 5) ** 2 - 0.2 * layers;
    return 1 - ((lr + 3) / 5) ** 2 - (momentum - 0.8) ** 2 - 0.2 * layers;
  },
};

/** Like MNIST with the book's settings: chance level over most learning rates, then a steep rise, in hundredths with many ties. */
export const cliff: Planted = {
  space: hill.space,
  value: ({ lr = 0, weightDecay = 0 }) => {
    const noise = Math.abs(Math.sin(12_989.8 * lr + 78_233.1 * weightDecay));
    return Math.round(3 + 74 / (1 + Math.exp(-6 * (lr + 2.7))) + 7 * noise) / 100;
  },
};

interface Settings {
  readonly sampler: SamplerSpec;
  readonly pruner?: PrunerSpec;
  readonly trials?: number;
  readonly roundSize?: number;
}

/** Steps of a trial that is not pruned. */
export const STEPS = 27;

export function studyOf({ space }: Planted, settings: Settings): Study {
  const { sampler, pruner = { kind: 'none' }, trials = 60, roundSize = 10 } = settings;
  return {
    ...{ space, sampler, pruner, trials, roundSize, measure: 'value', steps: STEPS },
    nameOf: (index) => `trial ${index + 1}`,
    task: (point) => ({ point }) as unknown as ArmSpec['task'],
  };
}

/** Returns the record of a trial after some steps: its curve rises linearly to the value of the point. */
export function recordAt({ value }: Planted, { name, task }: ArmSpec, step: number): ArmRecord {
  const end = value((task as unknown as { point: Point }).point);
  const steps = Array.from({ length: step }, (_, i) => i + 1);
  const series = {
    trainLoss: { step: steps, value: steps.map(() => 0) },
    value: { step: steps, value: steps.map((at) => Math.fround(end * (at / STEPS))) },
  };
  const status = step === STEPS ? 'finished' : 'interrupted';
  return { name, status, series, final: {}, digest: '0'.repeat(64) };
}

/** Returns the records after a segment. */
export function runSegment(planted: Planted, { arms, until, pruned }: Segment): ArmRecord[] {
  return [...pruned, ...arms.map((arm) => recordAt(planted, arm, until.get(arm.name) ?? STEPS))];
}

/** Returns the points and the records of a search, in the order of the trials. */
export function search(planted: Planted, settings: Settings, seed: number) {
  const schedule = scheduleStudy(studyOf(planted, settings), seed);
  const known = new Map<string, ArmRecord>();
  const points = new Map<string, Point>();
  for (;;) {
    const segment = schedule.next(known);
    for (const { name, task } of segment.arms) points.set(name, (task as unknown as { point: Point }).point);
    for (const record of runSegment(planted, segment)) known.set(record.name, record);
    if (segment.arms.length === 0 && segment.pruned.length === 0) break;
  }
  return schedule.planned.map(({ name }) => ({
    point: points.get(name) as Point,
    record: known.get(name) as ArmRecord,
  }));
}

/** Returns the points of a search. */
export function searchPoints(planted: Planted, settings: Settings, seed: number): Point[] {
  return search(planted, settings, seed).map(({ point }) => point);
}
