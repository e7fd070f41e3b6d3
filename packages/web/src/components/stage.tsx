// The stage of an experiment: one card with the buttons, the figures and, at its foot, the scrubber.
import { copyAxes, type Experiment, isComplete, type RunRecord } from '@descent/experiments';
import { useMemo } from 'preact/hooks';
import { shownStep } from '../state/inspector.ts';
import { lang, t } from '../state/language.ts';
import { changeCount, expected } from '../state/page-state.ts';
import { preview, withFinalAxes } from '../state/preview.ts';
import { phase, record } from '../state/session.ts';
import { getLastStep, truncateRecord } from '../state/truncate.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { FigureView } from './figure-view.tsx';
import { PreviewView } from './preview-view.tsx';
import { RunBar } from './run-bar.tsx';
import { Scrubber } from './scrubber.tsx';

export function Stage({ experiment }: { readonly experiment: Experiment }) {
  const shown = record.value?.experiment === experiment.name ? record.value : undefined;
  const end = shown ? getLastStep(shown) : 0;
  return (
    <div class={changeCount.value > 0 ? 'stage stale' : 'stage'}>
      <RunBar />
      <Expectation />
      {shown ? (
        <ErrorBoundary record={shown}>
          <Figures experiment={experiment} record={shown} end={end} />
        </ErrorBoundary>
      ) : (
        <PreviewView />
      )}
      {end > 1 && <Scrubber end={end} />}
    </div>
  );
}

/** A note on the result with which the next run is compared. */
function Expectation() {
  const held = expected.value;
  if (!held) return null;
  if ('digest' in held) return phase.value === 'idle' ? <p class="note">{t('linked')}</p> : null;
  return <p class="note">{t(isComplete(held.record) ? 'opened' : 'opened-stopped')}</p>;
}

interface FiguresProps {
  readonly experiment: Experiment;
  readonly record: RunRecord;
  readonly end: number;
}

function Figures({ experiment, record: shown, end }: FiguresProps) {
  const step = shownStep.value;
  // Figures can contain texts in the current language.
  const all = useMemo(
    () => withFinalAxes(experiment.figures(shown), shown),
    [experiment, shown, lang.value, preview.value],
  );
  const figures = useMemo(() => {
    if (step >= end) return all;
    const earlier = experiment.figures(truncateRecord(shown, step));
    return earlier.map((figure, i) => (all[i]?.id === figure.id ? copyAxes(figure, all[i]) : figure));
  }, [all, step, end]);
  return figures.map((figure) => (
    <FigureView key={figure.id} figure={figure} name={experiment.name} experiment={experiment} />
  ));
}
