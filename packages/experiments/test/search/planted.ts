// Functions whose best point is known, in place of training: what a search finds there can be judged.

import type { ArmRecord } from '../../src/record/record.ts';
import type { PrunerSpec } from '../../src/search/pruner.ts';
import type { SamplerSpec } from '../../src/search/samplers/sampler.ts';
import type { Point, Space } from '../../src/search/space.ts';
import { type Study, scheduleStudy } from '../../src/search/study.ts';
import type { ArmSpec } from '../../src/training/arm.ts';
import type { Schedule, Segment } from '../../src/training/segment.ts';

export interface Planted {
  readonly space: Space;
  /** Greatest at the planted point, where it is 1. */
  readonly value: (point: Point) => number;
}

/** Learning rate and weight decay as the book searches them: a round hill at 10^−2.7, 10^−6.2. */
export const hill: Planted = {
  space: [
    { kind: 'float', name: 'lr', low: -6, high: -2, log: true },
    { kind: 'float', name: 'weightDecay', low: -8, high: -4, log: true },
  ],
  value: ({ lr = 0, weightDecay = 0 }) => 1 - ((lr + 2.7) ** 2 + (weightDecay + 6.2) ** 2) / 16,
};

/** A rule of three is right, and what it alone asks for counts; so does an integer. The others have hills of their own, lower ones. */
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

/** As MNIST under the book's settings: at chance over most of the range of learning rates, then rising steeply; in hundredths, so that ties are common. */
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

/** Steps of a trial that nothing stops. */
export const STEPS = 27;

export function studyOf({ space }: Planted, settings: Settings): Study {
  const { sampler, pruner = { kind: 'none' }, trials = 60, roundSize = 10 } = settings;
  return {
    ...{ space, sampler, pruner, trials, roundSize, measure: 'value', steps: STEPS },
    nameOf: (index) => `trial ${index + 1}`,
    task: (point) => ({ point }) as unknown as ArmSpec['task'],
  };
}

/** What training to a step would give: a curve that rises to the value of the point, so that early steps tell of late ones. */
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

/** Plays a leg. */
export function play(planted: Planted, { arms, until, pruned }: Segment): ArmRecord[] {
  return [...pruned, ...arms.map((arm) => recordAt(planted, arm, until.get(arm.name) ?? STEPS))];
}

/** All records of a search on a planted function, in the order of the trials, and the point of each. */
export function search(planted: Planted, settings: Settings, seed: number) {
  const schedule: Schedule = scheduleStudy(studyOf(planted, settings), seed);
  const known = new Map<string, ArmRecord>();
  const points = new Map<string, Point>();
  for (;;) {
    const leg = schedule.next(known);
    for (const { name, task } of leg.arms) points.set(name, (task as unknown as { point: Point }).point);
    for (const record of play(planted, leg)) known.set(record.name, record);
    if (leg.arms.length === 0 && leg.pruned.length === 0) break;
  }
  return schedule.planned.map(({ name }) => ({
    point: points.get(name) as Point,
    record: known.get(name) as ArmRecord,
  }));
}

/** The best value found. */
export function bestOf(planted: Planted, settings: Settings, seed: number): number {
  return Math.max(...search(planted, settings, seed).map(({ point }) => planted.value(point)));
}
