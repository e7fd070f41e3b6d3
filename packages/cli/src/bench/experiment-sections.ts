// The experiments suite as tables: whole runs, then trials on threads beside trials by a queue.
import type { ExperimentRow, ExperimentsReport, TrialRow } from '@descent/experiments/bench';
import { digits, plusMinus, type Section } from './section.ts';

export function experimentSections({ rows }: ExperimentsReport): Section[] {
  const isTrial = (row: ExperimentRow | TrialRow): row is TrialRow => 'perSecond' in row;
  const trials = rows.filter(isTrial);
  const runs = rows.filter((row) => !isTrial(row));
  return [...(runs.length > 0 ? [runSection(runs)] : []), ...(trials.length > 0 ? [trialSection(trials)] : [])];
}

function runSection(rows: readonly ExperimentsReport['rows'][number][]): Section {
  return {
    title: 'Whole experiments with their defaults: seconds, data loaded and threads started',
    head: ['experiment', 'variant', 'threads', 'median', '±', 'runs'],
    rows: rows.map((row) => [
      row.experiment,
      row.variant,
      String(row.jobs),
      digits(row.medianUs / 1e6),
      plusMinus(row),
      String(row.samples),
    ]),
  };
}

function trialSection(rows: readonly TrialRow[]): Section {
  const hasQueue = rows.some(({ by }) => by === 'queue');
  return {
    title: 'Trials of a search: how many a second, and what the queue adds to one',
    head: ['network', 'by', 'jobs', 'trials/s', 'ms a trial', '±', 'overhead ms', 'runs'],
    rows: rows.map((row) => [
      row.network,
      row.by,
      String(row.jobs),
      digits(row.perSecond),
      digits(row.medianUs / 1_000),
      plusMinus(row),
      row.overheadMs === undefined ? '' : digits(row.overheadMs),
      `${row.samples} of ${row.trials}`,
    ]),
    lines: hasQueue ? [] : ['--queue redis://… times the same trials by a queue, with a worker of its own.'],
  };
}
