// What a search says beyond its figures: the rounds of one that narrows, the best trials, and where its ranges were too small.
import {
  bestTable,
  completedTrials,
  type Edge,
  type Experiment,
  edgesOf,
  isAllRandom,
  type Lang,
  type RunRecord,
  roundsTable,
  type SummaryTable,
  toFlag,
} from '@descent/experiments';
import { table } from '../table.ts';
import { paint, self, shellQuoted } from '../terminal/terminal.ts';
import { words } from '../terminal/words.ts';

/** Tables of a search, seed by seed; none of another experiment. */
export function tablesOf({ study: studyOf }: Experiment, records: readonly RunRecord[], lang: Lang): string[] {
  return records.flatMap((record) => {
    const study = studyOf?.(record.options as never);
    if (!study) return [];
    const seed = records.length > 1 ? `${words.seed[lang]} ${record.seed} · ` : '';
    const tables = [roundsTable(study, completedTrials(study, record), lang), bestTable(study, record, lang)];
    return tables.flatMap((each) => (each ? [`${paint.bold(`${seed}${each.title[lang]}`)}\n${shown(each)}`] : []));
  });
}

const shown = ({ head, rows }: SummaryTable) => table([head, ...rows]);

/** All trials as a table. */
export const allTrialsWay = (file: string) => `${self} export ${shellQuoted(file)} --format csv -o trials.csv`;

/** A sentence per edge that a best trial touches, with the flag that widens the range there, and one if the sampler learned nothing. */
export function warningsOf(
  { study: studyOf, options }: Experiment,
  records: readonly RunRecord[],
  lang: Lang,
): string[] {
  const [first] = records.map((record) => studyOf?.(record.options as never));
  const edges = new Map<string, string>();
  for (const record of records) {
    const study = studyOf?.(record.options as never);
    for (const edge of study ? edgesOf(study, completedTrials(study, record)) : []) {
      const key = `${edge.dimension.name} ${edge.end}`;
      if (!edges.has(key)) edges.set(key, `${edge.text[lang]} ${wayOut(edge, options, lang)}`.trimEnd());
    }
  }
  const random = first && isAllRandom(first) ? [words.allRandom(first.sampler.kind, first.trials)[lang]] : [];
  return [...random, ...edges.values()];
}

/** A decade further, where an option says how far: `lrHigh` of the dimension `lr`. */
function wayOut({ dimension, end }: Edge, options: Experiment['options'], lang: Lang): string {
  const option = `${dimension.name}${end === 'high' ? 'High' : 'Low'}`;
  if (dimension.kind !== 'float' || !Object.hasOwn(options, option)) return words.fixedRange[lang];
  const further = end === 'high' ? dimension.high + 1 : dimension.low - 1;
  return words.widen(`${toFlag(option)} ${further}`)[lang];
}
