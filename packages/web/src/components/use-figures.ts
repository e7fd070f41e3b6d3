// The figures of a record at the shown step. Their axes do not move while the record grows, is played or is dragged.
import { type Experiment, type Figure, pageFigures, type RunRecord } from '@descent/experiments';
import { useMemo, useRef } from 'preact/hooks';
import { isHeld } from '../state/drag-point.ts';
import { shownStep } from '../state/inspector.ts';
import { lang } from '../state/language.ts';
import { preview, withAxes, withFinalAxes } from '../state/preview.ts';
import { phase } from '../state/session.ts';
import { truncateRecord } from '../state/truncate.ts';

type Figures = readonly Figure[];

/** @param end the last step of the record */
export function useFigures(experiment: Experiment, record: RunRecord, end: number): Figures {
  const step = shownStep.value;
  // Figures can contain texts in the current language.
  const own = useMemo(() => pageFigures(experiment, record), [experiment, record, lang.value]);
  /** The first figures of the run, whose axes the later ones follow. */
  const first = useRef<Figures | undefined>(undefined);
  /** The record before the run, which the page shows until there is a new one. */
  const before = useRef<RunRecord | undefined>(undefined);
  if (phase.value === 'loading') [before.current, first.current] = [record, undefined];
  if (phase.value === 'running' && record !== before.current && end > 0) first.current ??= own;
  /** The figures when the start was taken hold of. */
  const held = useRef<Figures | undefined>(undefined);
  held.current = isHeld.value ? (held.current ?? own) : undefined;
  const [followed, copied] = [first.current, held.current];
  const all = useMemo(
    () => withAxes(withFinalAxes(own, record, followed), copied),
    [own, followed, copied, preview.value],
  );
  return useMemo(
    () => (step < end ? withAxes(pageFigures(experiment, truncateRecord(record, step)), all) : all),
    [all, step, end],
  );
}
