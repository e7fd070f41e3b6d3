// The kernels suite as tables: the roof, then a line a call with every variant side by side.
import type { KernelRow, KernelsReport, Roofline } from '@descent/experiments/bench';
import { digits, percent, plusMinus, type Section } from './section.ts';

/** @param subject the variant that the columns on the right are about */
export function kernelSections({ roof, rows }: KernelsReport, subject: string): Section[] {
  return [roofSection(roof), rowSection(rows, Object.keys(roof), subject)];
}

function roofSection(roof: Readonly<Record<string, Roofline>>): Section {
  const entries = Object.entries(roof);
  const sizes = entries[0]?.[1].streams.map(({ kib }) => (kib < 1024 ? `${kib} KiB` : `${kib / 1024} MiB`)) ?? [];
  return {
    title: 'The roof, measured in this run: GFLOP/s, and GB/s of a stream through so much memory',
    head: ['variant', 'GFLOP/s', 'by', 'a cycle', ...sizes, 'ns a call'],
    rows: entries.map(([variant, { gflops, loop, flopsPerCycle, streams, callNs }]) => [
      variant,
      digits(gflops),
      loop,
      flopsPerCycle === undefined ? '' : digits(flopsPerCycle),
      ...streams.map(({ gbps }) => digits(gbps)),
      digits(callNs),
    ]),
    lines: entries.map(
      ([variant, { loops }]) =>
        `${variant}: ${loops.map(({ loop, gflops }) => `${loop} ${digits(gflops)}`).join(' · ')}`,
    ),
  };
}

function rowSection(rows: readonly KernelRow[], variants: readonly string[], subject: string): Section {
  const calls = groupBy(rows, titleOf);
  return {
    title: `Calls: median µs of each variant. Of ${subject}: 95 % interval, rate, share of the roof, that of the least times`,
    head: ['call', ...variants, '±', 'rate', 'roof', 'best', '× JS'],
    rows: [...calls].map(([title, own]) => {
      const of = (variant: string) => own.find((row) => row.variant === variant);
      const times = variants.map((variant) => digits(of(variant)?.medianUs ?? Number.NaN));
      const row = of(subject);
      return row ? [title, ...times, ...rates(row)] : [title, ...times];
    }),
  };
}

function rates(row: KernelRow): string[] {
  const rate = row.limit === 'arithmetic' ? `${digits(row.gflops)} GF/s` : `${digits(row.gbps)} GB/s`;
  return [
    plusMinus(row),
    rate,
    percent(row.roofFraction),
    percent(row.bestRoofFraction),
    digits(row.speedupOverReference),
  ];
}

/** `sparseLinear 128×784×100, 19 %`: the share of its input that is not zero. */
function titleOf({ op, shape, density }: KernelRow): string {
  return `${op} ${shape.join('×')}${density === undefined ? '' : `, ${percent(density)}`}`;
}

function groupBy(rows: readonly KernelRow[], name: (row: KernelRow) => string): Map<string, KernelRow[]> {
  const groups = new Map<string, KernelRow[]>();
  for (const row of rows) groups.set(name(row), [...(groups.get(name(row)) ?? []), row]);
  return groups;
}
