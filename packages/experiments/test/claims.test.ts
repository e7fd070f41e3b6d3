// Every claim on a record where it holds and on doctored ones where it does not.
import { describe, expect, test } from 'vitest';
import { optimizerCompareMnist } from '../src/catalog/optimizer-compare-mnist/index.ts';
import { countSharpTurns, detour, optimizerCompareNaive } from '../src/catalog/optimizer-compare-naive/index.ts';
import type { Experiment } from '../src/experiment.ts';
import { assembleRecord } from '../src/record/assemble.ts';
import { type Claim, verdicts } from '../src/record/claims.ts';
import type { RunRecord } from '../src/record/record.ts';
import { run, tinyContext } from './bench.ts';

type Arm = RunRecord['arms'][number];
const armOf = (record: RunRecord, name: string) => record.arms.find((arm) => arm.name === name) as Arm;

function judge(experiment: Experiment, record: RunRecord, id: string) {
  return verdicts(experiment.claims, [record]).find((verdict) => verdict.id === id);
}

describe('sgd-zigzags', async () => {
  const record = await run(optimizerCompareNaive);

  test('holds at the defaults, with 29 sharp turns of 29 against none', () => {
    const verdict = judge(optimizerCompareNaive, record, 'sgd-zigzags');
    expect(verdict?.holds).toBe(true);
    expect(verdict?.text).toBe(optimizerCompareNaive.claims[0]?.text);
    expect(verdict?.evidence).toMatchObject({
      sharpTurnsSGD: 29,
      sharpTurnsMomentum: 0,
      sharpTurnsAdaGrad: 0,
      sharpTurnsAdam: 0,
    });
    expect(verdict?.evidence.detourSGD).toBeCloseTo(5.35, 2);
  });

  test.each<[string, (record: RunRecord) => void]>([
    ['another zigzags as much', (r) => (armOf(r, 'Adam').series = armOf(r, 'SGD').series)],
    ['SGD goes straight', (r) => (armOf(r, 'SGD').series = armOf(r, 'AdaGrad').series)],
    ['another is missing', (r) => (r.arms = r.arms.filter(({ name }) => name !== 'Momentum'))],
    ['another has fled', (r) => armOf(r, 'Adam').series.x?.value.fill(Number.NaN, 9)],
  ])('does not hold where %s', (_, doctor) => {
    const doctored = structuredClone(record);
    doctor(doctored);
    const verdict = judge(optimizerCompareNaive, doctored, 'sgd-zigzags');
    expect(verdict?.holds).toBe(false);
    expect(verdict?.text).toBe(optimizerCompareNaive.claims[0]?.otherwise);
  });

  test('does not hold where SGD has a small rate', async () => {
    const gentle = await run(optimizerCompareNaive, { sgdLr: 0.3 });
    expect(gentle.claims[0]).toMatchObject({ holds: false, evidence: { sharpTurnsSGD: 0 } });
  });
});

describe.each(['momentum', 'adagrad', 'adam'])('%s-beats-sgd', async (key) => {
  const id = `${key}-beats-sgd`;
  const name = { momentum: 'Momentum', adagrad: 'AdaGrad', adam: 'Adam' }[key] as string;
  const settings = { hiddenSizes: '16x2', batchSize: 16, steps: 60 };
  const record = await run(optimizerCompareMnist, settings, 1, await tinyContext());
  const loss = (r: RunRecord, arm: string) => armOf(r, arm).series.trainLoss as Arm['series'][string];

  test('holds on a real run', () => {
    const verdict = judge(optimizerCompareMnist, record, id);
    expect(verdict?.holds).toBe(true);
    const { meanLoss = 0, sgdMeanLoss = 0, ratio, lastSteps } = verdict?.evidence ?? {};
    expect(meanLoss).toBeLessThan(sgdMeanLoss);
    expect(ratio).toBeCloseTo(meanLoss / sgdMeanLoss, 6);
    expect(lastSteps).toBe(3);
  });

  test.each<[string, (record: RunRecord) => void]>([
    ['both are the same', (r) => (armOf(r, name).series = armOf(r, 'SGD').series)],
    ['it is slower on the whole', (r) => loss(r, name).value.fill(9, 0, 50)],
    ['SGD has caught up in the end', (r) => loss(r, 'SGD').value.fill(0, -3)],
    ['it has diverged', (r) => loss(r, name).value.splice(20, 40, Number.NaN)],
    ['SGD has diverged', (r) => loss(r, 'SGD').value.splice(20, 40, Number.NaN)],
    ['it is missing', (r) => (r.arms = r.arms.filter((arm) => arm.name !== name))],
  ])('does not hold where %s', (_, doctor) => {
    const doctored = structuredClone(record);
    doctor(doctored);
    const verdict = judge(optimizerCompareMnist, doctored, id);
    expect(verdict?.holds).toBe(false);
    expect(verdict?.text.en).toBe(`This run does not show that ${name} learns faster than SGD.`);
  });
});

describe('verdicts', async () => {
  const holds = await run(optimizerCompareNaive);
  const fails = await run(optimizerCompareNaive, { sgdLr: 0.3 });

  test('over seeds give the mean of the evidence, and for each effect the ends of its interval', () => {
    const { claims } = optimizerCompareNaive;
    const [one] = verdicts(claims, [holds]);
    const [both] = verdicts(claims, [holds, holds]);
    expect(both).toMatchObject({ holds: true, text: one?.text, evidence: { ...one?.evidence, seeds: 2, holdsIn: 2 } });
    expect(both?.evidence.turnsSparedLow).toBe(29);
    expect(both?.evidence.turnsSparedHigh).toBe(29);
    const [mixed] = verdicts(claims, [holds, fails]);
    expect(mixed).toMatchObject({ holds: false, text: claims[0]?.otherwise, evidence: { sharpTurnsSGD: 14.5 } });
    expect(mixed?.evidence).toMatchObject({ turnsSpared: 14.5, seeds: 2, holdsIn: 1 });
    expect(mixed?.evidence.turnsSparedLow).toBeLessThan(0);
    expect(verdicts(claims, [])[0]?.holds).toBe(false);
  });

  const claim = (effects: readonly number[], appliesTo = true): Claim => {
    const text = { en: 'yes', ko: 'yes', ja: 'yes' };
    const otherwise = { en: 'no', ko: 'no', ja: 'no' };
    const test = ({ seed }: RunRecord) => ({ effects: { gain: effects[seed] as number } });
    return { id: 'gain', text, otherwise, test, appliesTo: () => appliesTo };
  };
  const seeds = (n: number) => Array.from({ length: n }, (_, seed) => ({ ...holds, seed }));

  test.each<[string, number[], boolean, number]>([
    ['most seeds and the interval speak for it', [0.02, 0.03, -0.002, 0.025, 0.02], true, 4],
    ['the mean is above 0 but the interval is not', [0.2, -0.1, 0.1, -0.05, 0.05], false, 3],
    ['every seed speaks against it', [-1, -1.1, -0.9], false, 0],
    ['one seed has no answer', [1, 1, Number.NaN], false, 2],
  ])('over seeds: %s', (_, effects, isHeld, holdsIn) => {
    const [verdict] = verdicts([claim(effects)], seeds(effects.length));
    expect(verdict).toMatchObject({ holds: isHeld, evidence: { holdsIn, seeds: effects.length } });
    expect(Object.values(verdict?.evidence ?? {}).every(Number.isFinite)).toBe(true);
  });

  test('leave out claims that do not concern the options', () => {
    expect(verdicts([claim([1], false)], seeds(1))).toEqual([]);
  });

  test('are not given to an interrupted run', () => {
    const arms = holds.arms.map((arm, i): Arm => (i === 3 ? { ...arm, status: 'interrupted' } : arm));
    expect(assembleRecord(optimizerCompareNaive, { ...holds, arms }).claims).toEqual([]);
  });
});

describe('measures of a way', () => {
  test.each<[string, number[], number[], number, number]>([
    ['straight', [0, 1, 2], [0, 0, 0], 0, 1],
    ['a right angle', [0, 1, 1], [0, 0, 1], 0, Math.SQRT2],
    ['to and fro', [0, 2, 1], [0, 0, 0], 1, 3],
    ['zigzag', [0, 1, 2, 3], [0, 9, 0, 9], 2, (3 * Math.sqrt(82)) / Math.sqrt(90)],
    ['a point', [0], [0], 0, Number.NaN],
    ['nothing', [], [], 0, Number.NaN],
  ])('%s', (_, x, y, turns, length) => {
    expect(countSharpTurns(x, y)).toBe(turns);
    if (Number.isNaN(length)) expect(detour(x, y)).toBeNaN();
    else expect(detour(x, y)).toBeCloseTo(length, 12);
  });
});
