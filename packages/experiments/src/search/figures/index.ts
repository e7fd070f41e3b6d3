// The figures of a search, the book's first.
import type { Figure } from '../../figure/figure.ts';
import type { RunRecord } from '../../record/record.ts';
import type { Study } from '../study.ts';
import { bestTrials } from './best-trials.ts';
import { completedTrials } from './completed-trials.ts';
import { funnel } from './funnel.ts';
import { contour, importance, parallel, slice } from './over-space.ts';
import { history, intermediate } from './over-trials.ts';

export function searchFigures(study: Study, record: RunRecord): Figure[] {
  const trials = completedTrials(study, record);
  return [
    bestTrials(record, trials),
    ...funnel(study, trials),
    slice(study, trials),
    contour(study, trials),
    parallel(study, trials),
    importance(study, trials),
    history(study, trials),
    intermediate(study, record, trials),
  ];
}
