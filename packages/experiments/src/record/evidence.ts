// The numbers behind a verdict, in the order in which they are told.
import type { Verdict } from './record.ts';

/** One number that a verdict rests on. */
export interface EvidenceRow {
  /** As in the verdict; `measureName` has it in words. */
  readonly name: string;
  /** Of the run, or the mean over seeds. */
  readonly value: number;
  /** Of the mean over seeds, where there are several: `nameLow` and `nameHigh` of the verdict. */
  readonly interval?: readonly [low: number, high: number];
}

/** The numbers of a verdict, in its order; the ends of an interval stand with their mean, not in rows of their own. */
export function evidenceTable({ evidence }: Pick<Verdict, 'evidence'>): EvidenceRow[] {
  return Object.entries(evidence).flatMap(([name, value]) => {
    const stem = name.replace(/(?:Low|High)$/, '');
    if (stem !== name && `${stem}Low` in evidence && stem in evidence) return [];
    const [low, high] = [evidence[`${name}Low`], evidence[`${name}High`]];
    return [
      low === undefined || high === undefined ? { name, value } : { name, value, interval: [low, high] as const },
    ];
  });
}
