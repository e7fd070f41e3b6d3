// An earlier run, from its file, and what has changed since.
import type { BenchReport, Comparison, Timed } from '@descent/experiments/bench';
import { badFile } from '../errors.ts';
import { readText } from '../store/files.ts';
import { digits, type Section } from './section.ts';

const expected = 'what descent bench --json printed';

/** @throws Exit where the file is not a report of the suite */
export function openBaseline(file: string, suite: string): BenchReport<Timed> {
  const text = readText(file, expected);
  let report: Partial<BenchReport<Timed>>;
  try {
    report = JSON.parse(text);
  } catch {
    throw badFile(file, expected, 'something that is not JSON');
  }
  const { format, suite: found } = report ?? {};
  if (format !== 'descent-bench/1') throw badFile(file, 'the format descent-bench/1', shown(format));
  if (found !== suite) throw badFile(file, `a report of bench ${suite}`, `one of bench ${shown(found)}`);
  if (!Array.isArray(report.rows) || !report.rows.every(isTimed)) throw badFile(file, expected, 'rows without times');
  return report as BenchReport<Timed>;
}

const shown = (value: unknown) => (typeof value === 'string' ? value : 'none');

const isTimed = (row: unknown): row is Timed => {
  const { medianUs, ci95Us } = (row ?? {}) as Partial<Timed>;
  return typeof medianUs === 'number' && Array.isArray(ci95Us) && ci95Us.length === 2;
};

export function comparisonSection(comparison: readonly Comparison[]): Section {
  const changed = comparison.filter(({ verdict }) => verdict !== 'same').sort((a, b) => b.ratio - a.ratio);
  const count = (wanted: Comparison['verdict']) => comparison.filter(({ verdict }) => verdict === wanted).length;
  return {
    title: 'Beside the earlier run: what differs beyond noise (95 % intervals apart, medians by more than 5 %)',
    head: ['row', 'before µs', 'now µs', 'ratio', 'verdict'],
    rows: changed.map(({ name, beforeUs, nowUs, ratio, verdict }) => [
      name,
      digits(beforeUs),
      digits(nowUs),
      digits(ratio),
      verdict,
    ]),
    lines: [`${count('slower')} slower, ${count('faster')} faster, ${count('same')} the same within noise.`],
  };
}
