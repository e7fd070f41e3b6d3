// The experiments suite on crews that do nothing: who runs what, how often, and what is reported.
import { expect, test } from 'vitest';
import { benchExperiments, type Crew } from '../src/bench/index.ts';
import { experiments } from '../src/index.ts';

let now = 0;
const host = { clock: () => now, pause: async () => {} };

/** Takes so many milliseconds an arm. */
function crew(jobs: number, milliseconds: number): Crew & { runs: string[] } {
  const runs: string[] = [];
  const executor = {
    async *run(arms: readonly { name: string }[]) {
      runs.push(arms.map(({ name }) => name).join());
      now += milliseconds * arms.length;
      for (const { name } of arms) {
        yield {
          kind: 'arm' as const,
          record: { name, status: 'finished' as const, series: {}, final: {}, digest: '' },
        };
      }
    },
  };
  return { jobs, variant: 'scalar', executor, runs };
}

test('every experiment on every crew, five times after one that does not count', async () => {
  const [one, two] = [crew(1, 20), crew(2, 10)];
  const report = await benchExperiments(host, { crews: [one, two], data: 'mnist' });
  expect(report).toMatchObject({ format: 'descent-bench/1', suite: 'experiments' });
  expect(report.rows.map(({ experiment, jobs }) => `${experiment} ${jobs}`)).toEqual(
    experiments.flatMap(({ name }) => [`${name} 1`, `${name} 2`]),
  );
  expect(one.runs.length).toBe(6 * experiments.length);
  const naive = report.rows.filter(({ experiment }) => experiment === 'optimizer_compare_naive');
  expect(naive.map(({ medianUs, samples, data }) => [medianUs, samples, data])).toEqual([
    [80_000, 5, 'none'],
    [40_000, 5, 'none'],
  ]);
});

test('quick is once each, and says so', async () => {
  const one = crew(1, 5);
  const report = await benchExperiments(host, { crews: [one], data: 'mnist', quick: true, only: 'compare_mnist' });
  expect(report.rows).toEqual([
    expect.objectContaining({ experiment: 'optimizer_compare_mnist', data: 'mnist', samples: 1 }),
  ]);
  expect(report.notes).toEqual([expect.stringContaining('one run each')]);
});
