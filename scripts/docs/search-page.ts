// The table of samplers in docs/search.md: 10 seeds of 60 trials each, by accuracy after the last epoch.
import type { RunRecord } from '@descent/experiments';
import type { Setting } from './settings.ts';

export const SEARCH_PAGE = 'docs/search.md';

const SAMPLERS = ['random', 'narrowing', 'tpe'];
const ROUND_SIZES = [10, 20];
const HEAD = `| sampler | round size | best | ten best | lowest round | mean of each round |
| --- | ---: | ---: | ---: | ---: | --- |`;

/** Fills the table. Rounds are trained by `recordsOf`, which reads the records of a setting that is trained already. */
export function fillSearch(markdown: string, recordsOf: (setting: Setting) => readonly RunRecord[]): string {
  const rows = SAMPLERS.flatMap((sampler) =>
    ROUND_SIZES.map((size) => rowOf(sampler, size, recordsOf(settingOf(sampler, size)))),
  );
  const region = /(<!-- generated: samplers -->\n)[\s\S]*?(<!-- \/generated -->)/;
  return markdown.replace(region, (_, start: string, end: string) => `${start}${[HEAD, ...rows].join('\n')}\n${end}`);
}

/** Random trials are the same in rounds of any size. */
function settingOf(sampler: string, size: number): Setting {
  const flags = `--trials 60 --evaluate-every 50 --sampler ${sampler}`.split(' ');
  const [suffix, more] = sampler === 'random' ? ['', []] : [`-${size}`, ['--round-size', String(size)]];
  const name = `search-${sampler}${suffix}`;
  return { name, experiment: 'hyperparameter_optimization', flags: [...flags, ...more], figures: [], seeds: 10 };
}

function rowOf(sampler: string, size: number, records: readonly RunRecord[]): string {
  // A trial that diverged counts as 0.
  const seeds = records.map(({ arms }) =>
    arms.map(({ status, final }) => (status === 'diverged' ? 0 : (final.validationAccuracy as number))),
  );
  const ranked = seeds.map((values) => [...values].sort((a, b) => b - a));
  const rounds = seeds.map((values) =>
    Array.from({ length: values.length / size }, (_, i) => mean(values.slice(i * size, (i + 1) * size))),
  );
  const byRound = (rounds[0] as number[]).map((_, i) => mean(rounds.map((each) => each[i] as number)));
  const numbers = [
    mean(ranked.map(([best]) => best as number)),
    mean(ranked.map((values) => mean(values.slice(0, 10)))),
    // The first round is random under every sampler.
    Math.min(...rounds.flatMap((each) => each.slice(1))),
  ];
  const cells = [`\`${sampler}\``, size, ...numbers.map(shown), byRound.map(shown).join(' ')];
  return `| ${cells.join(' | ')} |`;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const shown = (value: number) => value.toFixed(2);
