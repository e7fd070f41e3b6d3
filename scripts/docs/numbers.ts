// The numbers of all pages: docs/experiments/numbers.json, computed from records.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Experiment,
  finalTable,
  findExperiment,
  type RunRecord,
  type Text,
  type Verdict,
  verdicts,
} from '@descent/experiments';
import { figuresOver } from '@descent/experiments/layers';
import type { Setting } from './settings.ts';

type MeanLowHigh = readonly [mean: number, low: number, high: number];

export interface SettingNumbers {
  readonly options: RunRecord['options'];
  readonly seeds: readonly number[];
  /** Digests of the records, one per seed. If the bits of an experiment change, its numbers are outdated. */
  readonly digests: readonly string[];
  readonly claims: readonly Pick<Verdict, 'id' | 'holds' | 'evidence'>[];
  /** Arm → measure → final value over the seeds; empty for runs with more than `MAX_ARMS` arms. */
  readonly finals: Readonly<Record<string, Readonly<Record<string, MeanLowHigh>>>>;
  /** How many pairs of arms from different seeds have the opposite sign of the mean difference. */
  readonly unpaired?: { readonly misleading: number; readonly of: number };
  readonly captions: Readonly<Record<string, Text>>;
}

export interface Numbers {
  readonly format: 'descent-docs/1';
  readonly settings: Readonly<Record<string, SettingNumbers>>;
}

export const NUMBERS = 'docs/experiments/numbers.json';
const MAX_ARMS = 40;

export function readNumbers(root: string): Numbers {
  return JSON.parse(readFileSync(join(root, NUMBERS), 'utf8')) as Numbers;
}

export function computeNumbers(setting: Setting, records: readonly RunRecord[]): SettingNumbers {
  const experiment = findExperiment(setting.experiment);
  const [first] = records as readonly [RunRecord, ...RunRecord[]];
  const figures = figuresOver(experiment, records).filter(({ id }) => setting.figures.includes(id));
  const unpaired = countUnpaired(records, experiment);
  return {
    options: first.options,
    seeds: records.map(({ seed }) => seed),
    digests: records.map(({ digest }) => digest),
    claims: verdicts(experiment.claims, records).map(({ id, holds, evidence }) => ({
      id,
      holds,
      evidence: Object.fromEntries(Object.entries(evidence).map(([name, value]) => [name, sixDigits(value)])),
    })),
    finals: first.arms.length > MAX_ARMS ? {} : finalValues(records),
    ...(unpaired && { unpaired }),
    captions: Object.fromEntries(figures.map(({ id, caption }) => [id, caption])),
  };
}

/** Rounds to six digits; pages show at most three. */
const sixDigits = (value: number) => (Number.isFinite(value) ? Number(value.toPrecision(6)) : 0);

function finalValues(records: readonly RunRecord[]): SettingNumbers['finals'] {
  const { measures, rows } = finalTable(records);
  const values = rows.map(({ arm, cells }) => [
    arm,
    Object.fromEntries(
      cells.flatMap((cell, i) => (cell ? [[measures[i], [cell.mean, cell.low, cell.high].map(sixDigits)]] : [])),
    ),
  ]);
  return Object.fromEntries(values);
}

type Evidence = Verdict['evidence'] | undefined;

/** Returns undefined if no claim compares the test accuracy with and without something. */
function countUnpaired(records: readonly RunRecord[], { claims }: Experiment): SettingNumbers['unpaired'] {
  const pairs = claims
    .map((claim) => records.map((record) => claim.test(record).evidence))
    .find(([evidence]) => evidence?.testWith !== undefined);
  if (!pairs) return undefined;
  const difference = (on: Evidence, off = on) => (on?.testWith ?? 0) - (off?.testWithout ?? 0);
  const isRise = pairs.reduce((sum, pair) => sum + difference(pair), 0) > 0;
  const differences = pairs.flatMap((on, i) => pairs.filter((_, j) => j !== i).map((off) => difference(on, off)));
  const misleading = differences.filter((gain) => (isRise ? gain <= 0 : gain >= 0));
  return { misleading: misleading.length, of: differences.length };
}
