// The stage of an experiment: one card with the buttons, the figures and, at its foot, the scrubber.
import { type Experiment, isComplete, type RunRecord } from '@descent/experiments';
import { t } from '../state/language.ts';
import { changeCount, expected } from '../state/page-state.ts';
import { phase, record } from '../state/session.ts';
import { getLastStep } from '../state/truncate.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { FigureView } from './figure-view.tsx';
import { PreviewView } from './preview-view.tsx';
import { RunBar } from './run-bar.tsx';
import { Scrubber } from './scrubber.tsx';
import { useFigures } from './use-figures.ts';

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
  const figures = useFigures(experiment, shown, end);
  return figures.map((figure) => (
    <FigureView key={figure.id} figure={figure} name={experiment.name} experiment={experiment} />
  ));
}
