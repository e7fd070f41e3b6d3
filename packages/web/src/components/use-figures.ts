// The figures of a record at the shown step. Their axes do not move while the record grows, is played or is dragged.
import { copyAxes, type Experiment, type Figure, type RunRecord } from '@descent/experiments';
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
  const own = useMemo(() => experiment.figures(record), [experiment, record, lang.value]);
  /** The first figures of the run, whose axes the later ones follow. */
  const first = useRef<Figures | undefined>(undefined);
  if (phase.value === 'loading') first.current = undefined;
  if (phase.value === 'running') first.current ??= own;
  /** The figures when the start was taken hold of. */
  const held = useRef<Figures | undefined>(undefined);
  held.current = isHeld.value ? (held.current ?? own) : undefined;
  const [followed, copied] = [first.current, held.current];
  const all = useMemo(
    () => withAxes(withFinalAxes(own, record, followed), copied, copyAxes),
    [own, followed, copied, preview.value],
  );
  return useMemo(
    () => (step < end ? withAxes(experiment.figures(truncateRecord(record, step)), all, copyAxes) : all),
    [all, step, end],
  );
}
