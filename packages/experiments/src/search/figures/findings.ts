// What each closed figure of a search shows, in one line.
import { message } from '../../i18n/index.ts';
import { formatNumber } from '../../record/final-table.ts';
import { measureName } from '../../record/measure-name.ts';
import type { RunRecord } from '../../record/record.ts';
import { valuesOf } from '../../record/series.ts';
import { type Text, toText } from '../../text.ts';
import { computeImportances } from '../importance.ts';
import { formatValue, toAxis, valueAt, valuesAt } from '../space.ts';
import type { Study } from '../study.ts';
import { ranked } from '../trial.ts';
import { BEST_TRIALS, type CompletedTrial } from './completed-trials.ts';

interface Search {
  readonly study: Study;
  readonly record: RunRecord;
  /** Best first, at least one. */
  readonly trials: readonly CompletedTrial[];
  readonly best: CompletedTrial;
}

const findings: Readonly<Record<string, (search: Search) => Text>> = {
  'best-trials': describeBest,
  funnel: describeRange,
  parallel: describeRange,
  importance: describeImportance,
  history: ({ best, trials }) => message('search.finding.history', { number: best.index + 1, all: trials.length }),
  intermediate: describeProgress,
};

/** Describes what a figure shows of this search. */
export function describeFinding(
  figure: string,
  study: Study,
  record: RunRecord,
  trials: readonly CompletedTrial[],
): Text {
  const sorted = ranked(trials);
  const [best] = sorted;
  const describe = findings[figure];
  return best && describe ? describe({ study, record, trials: sorted, best }) : message('search.finding.none');
}

function describeBest({ study: { space, measure }, best }: Search): Text {
  const values = valuesAt(space, best.point);
  const point = toText((lang) =>
    Object.entries(values)
      .map(([name, value]) => `${measureName(name, lang)} ${formatValue(value)}`)
      .join(', '),
  );
  const name = toText((lang) => measureName(measure, lang));
  return message('search.finding.best-trials', { measure: name, value: formatNumber(best.value, 3), point });
}

/** Describes the range of the first numeric dimension that the best trials cover. */
function describeRange({ study: { space }, trials }: Search): Text {
  const dimension = space.find(({ kind, when }) => kind !== 'categorical' && !when);
  if (!dimension) return message('search.finding.none');
  const best = trials.slice(0, Math.min(BEST_TRIALS, Math.ceil(trials.length / 5)));
  const { toPosition } = toAxis(dimension);
  const coordinates = best
    .map(({ point }) => point[dimension.name] as number)
    .sort((a, b) => toPosition(a) - toPosition(b));
  const [low, high] = [coordinates.at(0), coordinates.at(-1)].map((at) =>
    formatValue(valueAt(dimension, at as number)),
  );
  const name = toText((lang) => measureName(dimension.name, lang));
  return message('search.finding.range', { name, count: best.length, low: low as string, high: high as string });
}

function describeImportance({ study: { space }, trials }: Search): Text {
  const shares = computeImportances(space, trials);
  const greatest = Math.max(...shares);
  const dimension = space[shares.indexOf(greatest)];
  if (!dimension || greatest === 0) return message('search.finding.none');
  const name = toText((lang) => measureName(dimension.name, lang));
  return message('search.finding.importance', { name, percent: Math.round(100 * greatest) });
}

function describeProgress({ study: { measure }, record, trials, best }: Search): Text {
  const pruned = trials.filter(({ state }) => state === 'pruned').length;
  if (pruned > 0) return message('search.finding.pruned', { pruned, all: trials.length });
  const values = valuesOf(record, best.name, measure);
  const half = values[Math.floor(values.length / 2)];
  return message('search.finding.intermediate', { half: formatNumber(half, 3), value: formatNumber(best.value, 3) });
}
