// The figures of the page.
import type { Experiment, Figure, RunRecord } from '@descent/experiments';

/** Returns the figures of a record: first the one that only the page has, because it plays. */
export function figuresOf(experiment: Experiment, record: RunRecord): Figure[] {
  const figures = experiment.figures(record);
  return experiment.race ? [experiment.race(record), ...figures] : figures;
}
