// The gap between two curves of a panel, computed when it is drawn: over several seeds it is that of the means.
import { message } from '../i18n/index.ts';
import { mean } from '../record/series.ts';
import type { Curve, Note, Panel } from './figure.ts';

interface GapCurves {
  readonly x: readonly number[];
  readonly band: NonNullable<Curve['band']>;
  /** Mean distance at the end. */
  readonly distance: number;
}

/** Returns the curves around the gap of a panel; undefined if it has none, or a curve is missing. */
export function findGap({ gap, curves }: Panel): GapCurves | undefined {
  const [low, high] = (gap?.between ?? []).map((name) =>
    curves.find((curve) => curve.name === name && curve.role === 'smooth'),
  );
  if (!gap || !low || !high || low.x.length === 0 || high.x.length !== low.x.length) return undefined;
  const distance = mean(high.y.slice(-gap.last)) - mean(low.y.slice(-gap.last));
  return { x: low.x, band: [low.y, high.y], distance };
}

/** Returns the notes of a panel, with the size of its gap. */
export function notesOf(panel: Panel): readonly Note[] {
  const { notes = [] } = panel;
  const gap = findGap(panel);
  if (!gap || !Number.isFinite(gap.distance)) return notes;
  return [...notes, { text: message('figure.gap', { value: gap.distance.toFixed(2) }), at: 'bottom' }];
}
