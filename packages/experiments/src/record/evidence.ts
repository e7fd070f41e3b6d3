// The numbers behind a verdict, in the order in which they are told.
import type { Verdict } from './record.ts';

export interface EvidenceRow {
  readonly name: string;
  readonly value: number;
  /** Of the mean over seeds, where there are several: `nameLow` and `nameHigh` of the verdict. */
  readonly interval?: readonly [low: number, high: number];
}

export function evidenceRows({ evidence }: Pick<Verdict, 'evidence'>): EvidenceRow[] {
  return Object.entries(evidence).flatMap(([name, value]) => {
    const stem = name.replace(/(?:Low|High)$/, '');
    if (stem !== name && `${stem}Low` in evidence && stem in evidence) return [];
    const [low, high] = [evidence[`${name}Low`], evidence[`${name}High`]];
    return [
      low === undefined || high === undefined ? { name, value } : { name, value, interval: [low, high] as const },
    ];
  });
}
