// The stage of an experiment: one card with the buttons, the figures and, at its foot, the scrubber.
import { type Experiment, isComplete } from '@descent/experiments';
import { t } from '../state/language.ts';
import { changeCount, expected } from '../state/page-state.ts';
import { phase, record } from '../state/session.ts';
import { getLastStep } from '../state/truncate.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { PreviewView } from './preview-view.tsx';
import { RunBar } from './run-bar.tsx';
import { RunFigures } from './run-figures.tsx';
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
          <RunFigures experiment={experiment} record={shown} end={end} />
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
