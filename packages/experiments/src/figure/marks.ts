// Marks: where in the figures a claim has its numbers from.
import type { RunRecord } from '../record/record.ts';
import { findArm, mean } from '../record/series.ts';
import { recordedEpoch } from '../training/epoch.ts';
import type { Figure } from './figure.ts';

/** The part of a figure on which a claim is based. */
export interface Mark {
  /** Id of the figure. */
  readonly figure: string;
  /** English title of the panel, or its index; every panel if missing. */
  readonly panel?: string | number;
  /** Range of x; the whole panel if missing. */
  readonly x?: readonly [low: number, high: number];
  /** Averages by the names of their curves. */
  readonly levels?: Readonly<Record<string, number>>;
}

/** Adds marks to the panels of figures. */
export function markFigures(figures: readonly Figure[], marks: readonly Mark[]): Figure[] {
  return figures.map((figure) => ({
    ...figure,
    panels: figure.panels.map((panel, i) => {
      const own = marks.filter(
        (mark) => mark.figure === figure.id && [undefined, i, panel.title?.en].includes(mark.panel),
      );
      return own.length === 0 ? panel : { ...panel, marks: own };
    }),
  }));
}

interface SeriesMark {
  readonly figure: string;
  readonly panel?: string;
  /** Names of the curves, each with its arm and series. */
  readonly curves: Readonly<Record<string, readonly [arm: string, series: string]>>;
  /** Values at the end; all if missing. */
  readonly last?: number;
  readonly isOverEpochs?: boolean;
}

/** Marks the values at the end of some series, or all of them, and their means. */
export function seriesMark(record: RunRecord, { figure, panel, curves, last, isOverEpochs }: SeriesMark): Mark {
  const found = Object.entries(curves).flatMap(([name, [arm, measure]]) => {
    const series = findArm(record, arm)?.series[measure];
    const start = last === undefined || !series ? 0 : Math.max(0, series.step.length - last);
    return series ? [{ name, steps: series.step.slice(start), values: series.value.slice(start) }] : [];
  });
  const unit = isOverEpochs ? recordedEpoch(record) : 1;
  const ends = found.map(({ steps }) => [steps.at(0) ?? 0, steps.at(-1) ?? 0].map((step) => Math.floor(step / unit)));
  const low = Math.min(...ends.map(([first]) => first as number));
  const high = Math.max(...ends.map(([, end]) => end as number));
  return {
    ...{ figure, x: [low, high], ...(panel !== undefined && { panel }) },
    levels: Object.fromEntries(found.map(({ name, values }) => [name, mean(values)])),
  };
}

/** Averages the levels of the marks of several runs with the same options. */
export function mergeMarks(runs: readonly (readonly Mark[])[]): Mark[] {
  const [first = []] = runs;
  return first.map((mark, i) => {
    const names = Object.keys(mark.levels ?? {});
    const levels = names.map((name) => [name, mean(runs.flatMap((marks) => marks[i]?.levels?.[name] ?? []))]);
    return names.length === 0 ? mark : { ...mark, levels: Object.fromEntries(levels) };
  });
}
