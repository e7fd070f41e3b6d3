// The experiments suite on crews that do nothing: who runs what, how often, and what is reported.
import { expect, test } from 'vitest';
import {
  benchExperiments,
  benchTrials,
  hasTrials,
  type ThreadPool,
  type TrialPool,
  withTrials,
} from '../src/bench/index.ts';
import { experiments } from '../src/index.ts';

let now = 0;
const host = { clock: () => now, pause: async () => {} };

/** Takes so many milliseconds an arm. */
function crew(jobs: number, milliseconds: number): ThreadPool & { runs: string[] } {
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

const trialCrew = (by: TrialPool['by'], jobs: number, milliseconds: number) => ({ ...crew(jobs, milliseconds), by });

test('trials: each study on each crew, a round that does not count, what a queue adds to one', async () => {
  const crews = [trialCrew('threads', 2, 4), trialCrew('queue', 2, 5)];
  const rows = await benchTrials(host, { crews, data: 'mnist' });
  expect(rows.map(({ network, by, jobs, samples }) => [network, by, jobs, samples])).toEqual([
    ['784-10-10', 'threads', 2, 7],
    ['784-10-10', 'queue', 2, 7],
    ['784-100x6-10', 'threads', 2, 7],
    ['784-100x6-10', 'queue', 2, 7],
  ]);
  expect(rows.map(({ medianUs, perSecond, overheadMs }) => [medianUs, perSecond, overheadMs]).slice(0, 2)).toEqual([
    [4_000, 250, undefined],
    [5_000, 200, 1],
  ]);
  expect(crews[0]?.runs.length).toBe(16);
});

test('trials alone, none of them, and in a report', async () => {
  expect(['', 'trials', '100x6', 'optimizer_compare_mnist'].map(hasTrials)).toEqual([true, true, true, false]);
  const one = { crews: [trialCrew('threads', 1, 3)], data: 'mnist', quick: true } as const;
  const trials = await benchTrials(host, { ...one, only: '100x6' });
  expect(trials.map(({ network }) => network)).toEqual(['784-100x6-10']);
  const report = withTrials(await benchExperiments(host, { ...one, only: 'trials' }), trials);
  expect(report).toMatchObject({ rows: trials, notes: [] });
});
